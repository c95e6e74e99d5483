/* empty css            */import{S as e,b as t,c as n,d as r,f as i,h as a,i as o,n as s,x as c}from"./page-BMyAAU3V.js";import{t as l}from"./frame-CkvRJOwD.js";var u=34,d=58,f=4,p=300;function m(t){let n=Math.max(60,t.minutes*60),i=e=>f+292*Math.min(1,e/n),a=t.score.length*d+20,o=t.minutes<=12?2:t.minutes<=40?5:15,s=Array.from({length:Math.floor(t.minutes/o)+1},(e,t)=>t*o);return c`<figure><svg class="score" viewBox="0 0 ${p} ${a}" role="img" aria-label=${`${t.name}: ${t.in_words}`}>
    ${s.map(t=>e`<line class="tick" x1=${i(t*60)} x2=${i(t*60)} y1="0" y2=${a-18}></line>
      <text x=${Math.min(Math.max(i(t*60),8),290)} y=${a-4} text-anchor="middle">${t}</text>`)}
    ${t.score.map((t,n)=>{let r=n*d+18,a=e=>r+u-u*Math.min(100,e)/100,o=t.points.map(([e,t])=>`${i(e).toFixed(1)} ${a(t).toFixed(1)}`),s=t.points[0],c=t.points[t.points.length-1];return e`<text class="caption" x=${f} y=${r-5}>${t.track}</text><rect class="ground" x=${f} y=${r} width=${292} height=${u} rx="4"></rect>
        ${s&&c?e`<path class="fill-${t.kind}" d=${`M${i(s[0])} ${r+u}L${o.join(`L`)}L${i(c[0]).toFixed(1)} ${r+u}Z`}></path>`:``}`})}</svg><figcaption class="hidden">${r(`minutes`)}</figcaption></figure>`}var h=e=>Array.isArray(e)?e.length:e;s(`lull-rules`,class extends l{constructor(...e){super(...e),this.name=`rules`,this.chosen=new Map,this.nights=14,this.result=null,this.running=!1,this.problem=``}body(){let e=this.state;return e?c`
      <section class="lead"><h1>${r(`rules_title`)}</h1><p>${r(`rules_lead`)}</p></section>
      ${e.not_tonight?c`<div class="notice">${r(`not_tonight_more`)}</div>`:t}
      <div class="cards">${e.rules.map(t=>this.rule(e,t))}</div>
      ${this.backtest(e)}
      <h2>${r(`routines`)}</h2>
      <div class="cards">${e.routines.map(e=>c`<section class="card"><div class="split"><h3>${e.name}</h3><small>${e.minutes} min</small></div>
        <p lang="en">${e.in_words}</p>${m(e)}</section>`)}</div>`:c`<div class="lead"><h1>${this.down?r(`no_link`):r(`connecting`)}</h1></div>`}rule(e,n){let i=n.on?!n.on_tonight||e.not_tonight?r(`rule_not_tonight`):r(`rule_on`):r(`rule_off`),a=this.may(`allow`);return c`<section class="card" data-rule=${n.name}><div class="split"><h2>${n.name}</h2><span class="state">${i}</span></div>
      <p lang="en" class=${n.on?``:`off-rule`}>${n.in_words}</p>
      ${n.next_text?c`<small lang="en">${n.next_text}</small>`:t}
      <div class="row">${n.on&&n.on_tonight?c`
          ${this.button(r(`rule_tonight_off`),()=>this.ask({do:`allow`,rule:n.name,on:!1,tonight:!0}),a)}
          ${this.button(r(`rule_turn_off`),()=>this.ask({do:`allow`,rule:n.name,on:!1}),a)}`:this.button(r(`rule_turn_on`),()=>this.ask(n.on?{do:`allow`,rule:n.name,on:!0,tonight:!0}:{do:`allow`,rule:n.name,on:!0}),a)}</div></section>`}backtest(e){return c`<section class="card" aria-labelledby="backtest"><h2 id="backtest">${r(`backtest`)}</h2><p class="soft">${r(`backtest_lead`)}</p>
      <fieldset class="checks"><legend class="hidden">${r(`rules_title`)}</legend>${e.rules.map(e=>c`<label><input type="checkbox" .checked=${this.chosen.get(e.name)??e.on}
        @change=${t=>{this.chosen.set(e.name,t.target.checked)}}>${e.name}</label>`)}</fieldset>
      <div class="row"><label>${r(`backtest_nights`)} <select @change=${e=>{this.nights=Number(e.target.value)}}>
          ${[3,7,14,30].map(e=>c`<option value=${e} ?selected=${e===this.nights}>${e}</option>`)}</select></label>
        ${this.button(this.running?r(`running`):r(`backtest_run`),()=>void this.run(e),!this.running,`main`)}</div>
      <div role="status">${this.problem?c`<p class="bad-word" lang="en">${this.problem}</p>`:t}${this.result?this.table(this.result):t}</div></section>`}async run(e){this.running=!0,this.problem=``,this.requestUpdate();try{let t=Object.fromEntries(e.rules.map(e=>[e.name,this.chosen.get(e.name)??e.on]));this.result=await a(`backtest`,{nights:this.nights,rules:t},12e4)}catch(e){this.problem=e.message}this.running=!1,this.requestUpdate()}table(e){let t=(e,t)=>c`<td class="would">${n(e,i)}${t===void 0?``:c` <small>(${n(t,i)})</small>`}</td>`;return c`<div class="scroll" tabindex="0" role="region" aria-labelledby="backtest"><table><thead><tr><th scope="col">${r(`night`)}</th><th scope="col">${r(`sessions`)}</th>
        <th scope="col">${r(`massage_min`)}</th><th scope="col">${r(`heat_min`)}</th><th scope="col">${r(`figure_episodes`)}</th><th scope="col">${r(`not_done`)}</th></tr></thead>
      <tbody>${e.nights.map(e=>c`<tr><th scope="row">${o(e.night,i,!0)}</th>${t(h(e.would.sessions),e.was?h(e.was.sessions):void 0)}
        ${t(e.would.massage_minutes,e.was?.massage_minutes)}${t(e.would.heat_minutes,e.was?.heat_minutes)}
        ${t(h(e.would.episodes),e.was?h(e.was.episodes):void 0)}${t(e.would.refusals,e.was?.refusals)}</tr>`)}</tbody></table></div>
      <p><small>${r(`backtest_note`)}</small></p>${(e.remarks??[]).map(e=>c`<p lang="en"><small>${e}</small></p>`)}`}});