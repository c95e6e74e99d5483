/* empty css            */import{C as e,S as t,c as n,d as r,f as i,h as a,i as o,n as s,x as c}from"./page-DpXS9hMi.js";import{t as l}from"./frame-BiFIzx5b.js";var u=34,d=58,f=4,p=300;function m(n,i){let a=Math.max(60,n.minutes*60),o=e=>f+292*Math.min(1,e/a),s=n.score.filter(e=>e.points?.length),c=n.score.filter(e=>e.text),l=s.length*d+20,m=n.minutes<=12?2:n.minutes<=40?5:15,h=Array.from({length:Math.floor(n.minutes/m)+1},(e,t)=>t*m);return t`<figure><svg class="score" viewBox="0 0 ${p} ${l}" role="img" aria-label=${`${n.name}: ${n.in_words}`}>
    ${h.map(t=>e`<line class="tick" x1=${o(t*60)} x2=${o(t*60)} y1="0" y2=${l-18}></line>
      <text x=${Math.min(Math.max(o(t*60),8),290)} y=${l-4} text-anchor="middle">${t}</text>`)}
    ${s.map((t,n)=>{let r=n*d+18,a=e=>r+u-u*Math.min(100,e)/100,s=t.points.map(([e,t])=>`${o(e).toFixed(1)} ${a(t).toFixed(1)}`),c=t.points[0],l=t.points[t.points.length-1];return e`<text class="caption" x=${f} y=${r-5}>${i(t.device??``)}</text><rect class="ground" x=${f} y=${r} width=${292} height=${u} rx="4"></rect>
        ${c&&l?e`<path class="fill-${t.track}" d=${`M${o(c[0])} ${r+u}L${s.join(`L`)}L${o(l[0]).toFixed(1)} ${r+u}Z`}></path>`:``}`})}</svg><figcaption class="hidden">${r(`minutes`)}</figcaption>
    ${c.map(e=>t`<small>${r(`said_at`,{minute:Math.round((e.at_s??0)/60)})} <span lang="en">“${e.text}”</span></small>`)}</figure>`}var h=e=>Array.isArray(e)?e.length:e;s(`lull-rules`,class extends l{constructor(...e){super(...e),this.name=`rules`,this.chosen=new Map,this.nights=14,this.result=null,this.running=!1,this.problem=``}body(){let e=this.state;return e?t`
      <section class="lead"><h1>${r(`rules_title`)}</h1><p>${r(`rules_lead`)}</p></section>
      ${e.not_tonight?t`<div class="notice">${r(`not_tonight_more`)}</div>`:c}
      <div class="cards">${e.rules.map(t=>this.rule(e,t))}</div>
      ${this.backtest(e)}
      <h2>${r(`routines`)}</h2>
      <div class="cards">${e.routines.map(n=>t`<section class="card"><div class="split"><h3>${n.name}</h3><small>${n.minutes} min</small></div>
        <p lang="en">${n.in_words}</p>${m(n,t=>e.devices.find(e=>e.id===t)?.name??t)}</section>`)}</div>`:t`<div class="lead"><h1>${this.down?r(`no_link`):r(`connecting`)}</h1></div>`}rule(e,n){let i=n.on?n.on_tonight===!1||e.not_tonight?r(`rule_not_tonight`):r(`rule_on`):r(`rule_off`),a=this.may(`allow`);return t`<section class="card" data-rule=${n.name}><div class="split"><h2>${n.name}</h2><span class="state">${i}</span></div>
      <p lang="en" class=${n.on?``:`off-rule`}>${n.in_words}</p>
      ${n.next_text?t`<small lang="en">${n.next_text}</small>`:c}
      <div class="row">${n.on&&n.on_tonight!==!1?t`
          ${n.on_tonight===void 0?c:this.button(r(`rule_tonight_off`),()=>this.ask({do:`allow`,rule:n.name,on:!1,tonight:!0}),a)}
          ${this.button(r(`rule_turn_off`),()=>this.ask({do:`allow`,rule:n.name,on:!1}),a)}`:this.button(r(`rule_turn_on`),()=>this.ask(n.on?{do:`allow`,rule:n.name,on:!0,tonight:!0}:{do:`allow`,rule:n.name,on:!0}),a)}</div></section>`}backtest(e){return t`<section class="card" aria-labelledby="backtest"><h2 id="backtest">${r(`backtest`)}</h2><p class="soft">${r(`backtest_lead`)}</p>
      <fieldset class="checks"><legend class="hidden">${r(`rules_title`)}</legend>${e.rules.map(e=>t`<label><input type="checkbox" .checked=${this.chosen.get(e.name)??e.on}
        @change=${t=>{this.chosen.set(e.name,t.target.checked)}}>${e.name}</label>`)}</fieldset>
      <div class="row"><label>${r(`backtest_nights`)} <select @change=${e=>{this.nights=Number(e.target.value)}}>
          ${[3,7,14,30].map(e=>t`<option value=${e} ?selected=${e===this.nights}>${e}</option>`)}</select></label>
        ${this.button(this.running?r(`running`):r(`backtest_run`),()=>void this.run(e),!this.running,`main`)}</div>
      <div role="status">${this.problem?t`<p class="bad-word" lang="en">${this.problem}</p>`:c}${this.result?this.table(this.result):c}</div></section>`}async run(e){this.running=!0,this.problem=``,this.requestUpdate();try{let t=Object.fromEntries(e.rules.map(e=>[e.name,this.chosen.get(e.name)??e.on]));this.result=await a(`backtest`,{nights:this.nights,rules:t},12e4)}catch(e){this.problem=e.message}this.running=!1,this.requestUpdate()}table(e){let a=(e,r)=>t`<td class="would">${n(e,i)}${r===void 0?``:t` <small>(${n(r,i)})</small>`}</td>`;return t`<div class="scroll" tabindex="0" role="region" aria-labelledby="backtest"><table><thead><tr><th scope="col">${r(`night`)}</th><th scope="col">${r(`sessions`)}</th>
        <th scope="col">${r(`massage_min`)}</th><th scope="col">${r(`heat_min`)}</th><th scope="col">${r(`figure_episodes`)}</th><th scope="col">${r(`not_done`)}</th></tr></thead>
      <tbody>${e.nights.map(e=>t`<tr><th scope="row">${o(e.night,i,!0)}</th>${a(h(e.would.sessions),e.was?h(e.was.sessions):void 0)}
        ${a(e.would.massage_minutes,e.was?.massage_minutes)}${a(e.would.heat_minutes,e.was?.heat_minutes)}
        ${a(h(e.would.episodes),e.was?h(e.was.episodes):void 0)}${a(e.would.refusals,e.was?.refusals)}</tr>`)}</tbody></table></div>
      <p><small>${r(`backtest_note`)}</small></p>${(e.remarks??[]).map(e=>t`<p lang="en"><small>${e}</small></p>`)}`}});