/* empty css            */import{_ as e,a as t,b as n,c as r,d as i,f as a,l as o,n as s,o as c,r as l,x as u}from"./page-BMyAAU3V.js";import{n as d,r as f}from"./proof-JLio4raU.js";import{n as p,t as m}from"./frame-CkvRJOwD.js";var h=class extends m{constructor(...e){super(...e),this.name=`home`,this.warm=null}body(){let e=this.state;if(!e)return u`<div class="lead"><h1>${this.down?i(`no_link`):i(`connecting`)}</h1></div>`;let t=g(e);return u`
      ${this.lead(e)}
      ${t.length?u`<section class="notice bad" aria-labelledby="faults"><h2 id="faults">${i(`look_at`)}</h2>
        <ul class="rows" lang="en">${t.map(e=>u`<li><b>${e.about}:</b> ${e.text}${e.remedy?u`<br><span class="soft">${e.remedy}</span>`:n}</li>`)}</ul></section>`:n}
      <div class="columns">${e.sleepers.map(e=>this.person(e))}${this.last(e)}${this.tonight(e)}${this.begin(e)}</div>
      ${this.devices(e)}${this.dialog()}`}zone(){return this.state.home.time_zone}lead(e){let t=e.plays[0];if(!t){let t=e.devices.filter(e=>e.on&&d(e));return u`<section class="lead"><h1>${e.stopped?i(`stopped`):t.length?t.map(e=>i(`is_on`,{name:e.name})).join(`, `):e.ready?i(`all_quiet`):i(`not_ready`)}</h1>
        <p lang="en">${e.status_why}</p></section>`}let n=this.left(t.left_s),r=c(n),o=l(Date.parse(e.at)+1e3*t.left_s,this.zone(),a);return u`<section class="lead">
      <h1>${t.name}: ${t.paused?i(`paused`):r<=1?i(`last_minute`):i(`minutes_left`,{n:r})}</h1>
      <p>${t.step&&t.step!==t.name?t.step+`, `:``}${i(`until`,{time:o})}. <span lang="en">${i(`asked_by`,{who:t.door})}</span></p>
      <div class="row">
        ${this.button(i(`softer`),()=>this.ask({do:`softer`}),this.may(`softer`))}
        ${this.button(i(`stronger`),()=>this.ask({do:`stronger`}),this.may(`stronger`))}
        ${this.button(i(`ten_more`),()=>this.ask({do:`extend`,minutes:10}),this.may(`extend`))}
        ${this.button(i(`end_this`),()=>this.ask({do:`stop_play`,routine:t.routine}),this.may(`stop_play`))}
      </div></section>`}begin(e){let t=!e.stopped&&e.ready&&this.may(`play`);return u`<section class="card"><h2>${i(`begin`)}</h2><ul class="rows">${e.routines.map(n=>u`<li class="split">
      <div><b>${n.name}</b><br><small lang="en">${n.in_words}</small></div>
      ${this.button(i(`begin_it`),()=>{n.heat?this.sure(n):this.ask({do:`play`,routine:n.name})},t&&!e.plays.some(e=>e.routine===n.name))}</li>`)}</ul></section>`}sure(e){this.warm=e,this.requestUpdate(),this.updateComplete.then(()=>this.querySelector(`dialog`)?.showModal())}dialog(){let e=()=>this.querySelector(`dialog`)?.close();return u`<dialog aria-labelledby="warm">${this.warm?u`
      <div class="card"><h2 id="warm">${i(`warm_sure`,{name:this.warm.name})}</h2><p>${i(`warm_more`)}</p>
      <div class="row"><button @click=${e} autofocus>${i(`no`)}</button>
        <button class="main" data-do="warm" @click=${()=>{this.ask({do:`play`,routine:this.warm.name}),e()}}>${i(`warm_yes`)}</button></div></div>`:n}</dialog>`}tonight(e){let t=(e.preflight?.checks??[]).filter(e=>e.state!==`fine`);return u`<section class="card"><div class="split"><h2>${i(`tonight`)}</h2>
        <span class=${e.preflight?.ready===!0?`good-word`:e.preflight?.ready===!1?`bad-word`:`soft`}>
          ${e.preflight?.ready==null?i(`not_looked`):e.preflight.ready?i(`all_ready`):i(`not_all_ready`,{n:t.length})}</span></div>
      ${e.not_tonight?u`<p>${i(`not_tonight_more`)}</p>`:u`<ul class="rows" lang="en">${e.plan.length?e.plan.map(e=>u`<li>${e}</li>`):u`<li>${i(`no_plan`)}</li>`}</ul>`}
      <div class="row">${this.button(e.not_tonight?i(`tonight_again`):i(`not_tonight`),()=>this.ask({do:`not_tonight`,on:!e.not_tonight}),this.may(`not_tonight`))}</div>
    </section>`}person(e){let t=e.in_bed==null?i(`bed_unknown`):e.in_bed?i(`in_bed`):i(`out_of_bed`),o=e.movements_per_hour==null?n:u`<small>${i(`moves`,{n:r(e.movements_per_hour,a)})}</small>`,s=(e,t,r)=>!t||t.used_s+t.left_s<=0?n:u`<div>
      <div class="split"><span>${i(e)}</span><small>${i(`dose`,{used:Math.round(t.used_s/60),left:Math.floor(t.left_s/60)})}</small></div>
      ${p(t.used_s/(t.used_s+t.left_s),r)}</div>`;return u`<section class="card"><div class="split"><h2>${e.name}</h2><span>${t}</span></div>
      <div class="split"><span class=${e.restless?`bad-word`:``}>${e.restless==null?i(`restless_unknown`):e.restless?i(`restless`):i(`calm`)}</span>${o}</div>
      <p class="soft">${i(`episodes`,{n:e.episodes_tonight})}, ${i(`replays`,{n:e.replays_tonight})}</p>
      ${s(`massage_dose`,e.massage,``)}${s(`heat_dose`,e.heat,`heat`)}</section>`}last(t){return u`<section class="card"><h2>${i(`last_night`)}</h2>
      ${t.last_night.length?u`<ul class="rows" lang="en">${t.last_night.map(e=>u`<li>${e}</li>`)}</ul>`:u`<p class="soft">${i(`no_last_night`)}</p>`}
      <div class="row"><a class="button" href=${new URL(`night/`,e).href}>${i(`see_night`)}</a></div></section>`}devices(e){return u`<section class="card"><h2>${i(`devices`)}</h2><ul class="rows">${e.devices.filter(e=>e.on!=null||d(e)).map(e=>this.device(e))}</ul></section>`}device(e){let s=e.reachable?e.on?e.level==null?i(`on`):i(`on_at`,{n:Math.round(e.level)}):e.on==null?i(`unknown`):d(e)&&e.off?i(`off_`+(e.off.by===`none`?`told`:e.off.by)):i(`off`):i(`off_lost`),c=[e.owner,e.surface_celsius==null?null:t(e.surface_celsius,a),e.watts==null?null:`${r(e.watts,a)} W`,e.left_tonight_s!=null&&d(e)?i(`left_tonight`,{time:o(e.left_tonight_s)??`0 min`}):null].filter(e=>e);return u`<li class="split"><div><b>${e.name}</b>${e.on&&d(e)?u` <button class="plain" @click=${()=>this.ask({do:`set`,device:e.id,level:0})}>${i(`off_now`,{name:e.name})}</button>`:n}
      <br><small>${c.join(` · `)}</small></div><span class=${e.on&&f(e)?`bad-word`:``}>${s}</span></li>`}};function g(e){let t=[];for(let n of e.devices){(n.faulty||n.tripped)&&t.push({about:n.name,text:n.why??``,remedy:``});for(let e of n.findings??[])t.push({about:n.name,text:e.text,remedy:e.remedy})}for(let n of e.preflight?.checks??[])n.state!==`fine`&&t.push({about:n.about,text:n.text,remedy:n.remedy});return t.filter((e,n)=>t.findIndex(t=>t.about===e.about&&t.text===e.text)===n)}s(`lull-home`,h);