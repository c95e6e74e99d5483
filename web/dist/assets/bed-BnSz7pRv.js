import{_ as e,b as t,d as n,n as r,o as i,t as a,v as o,x as s}from"./page-BMyAAU3V.js";import{t as c}from"./proof-JLio4raU.js";var l={asked:`·`,told:`·`,lost:`?`,word:`✓`,mains:`✓`,watts:`✓`};r(`lull-bed`,class extends a{constructor(...e){super(...e),this.releasing=!1,this.pressed=!1,this.stopNow=e=>{e.button===0&&(this.pressed=!0,this.releasing=!1,this.ask({do:`stop`}))},this.stopClick=()=>{this.pressed||this.ask({do:`stop`}),this.pressed=!1}}connectedCallback(){super.connectedCallback(),document.title=`Lull: `+n(`bed`),addEventListener(`keydown`,e=>{e.key===`Escape`&&!e.repeat&&this.ask({do:`stop`})})}firstUpdated(){this.querySelector(`.stop`)?.focus({preventScroll:!0})}render(){let t=c(this.state,this.stop,this.up);return s`<main>
      <div class="above" tabindex="-1">
        <header><span>${this.head()}</span><a href=${e.href}>${n(`day_pages`)}</a></header>
        ${t.state===`none`?s`${this.now()}${this.keys()}`:this.proof(t)}
      </div>
      <button class="stop" @pointerdown=${this.stopNow} @click=${this.stopClick} aria-describedby="answer">
        <b>STOP</b><span id="answer">${this.answer(t)}</span>
      </button>
      <div class="hidden" role="alert">${t.state===`none`?this.down?n(`no_link`):``:this.answer(t)}</div></main>`}head(){return this.down?n(`no_link`):this.state?this.state.stopped?n(`stopped`):this.state.ready?this.state.not_tonight?n(`not_tonight_is`):`Lull`:n(`not_ready`):n(`connecting`)}answer(e){return e.state===`none`?n(`stop_all`):e.state===`refused`?n(`stop_refused`):e.state===`asked`?this.up?n(`stop_asked`):n(`stop_trying`):n(`stop_`+e.state)}now(){let e=this.other,r=e&&this.said(e.stage,e.command),i=this.state?.plays??[];return s`<section class="now" aria-live="polite">
      ${this.down?s`<p class="big">${n(`no_link_more`)}</p>`:i.length?i.slice(0,2).map(e=>this.playing(e)):s`<h1>${this.state?this.quiet():``}</h1>`}
      ${r?s`<p>${r}</p>`:t}
    </section>`}quiet(){let e=this.state.devices.filter(e=>e.on&&(e.kind.startsWith(`massage`)||e.kind.startsWith(`heat`)));return e.length?e.map(e=>n(`is_on`,{name:e.name})).join(`, `):n(`all_quiet`)}playing(e){let t=i(this.left(e.left_s)),r=e.paused?n(`paused`):t<=1?n(`last_minute`):n(`minutes_left`,{n:t});return s`<h1>${e.step||e.name}</h1><p class="big">${r}</p>`}said(e,t){return e===`sent`||e===`waits`?n(`said_sent`):e===`accepted`?t.do===`release`?null:n(`said_accepted`):e===`lost`?n(`said_lost`):this.other?.problem?.detail??n(`said_refused`)}keys(){let e=(this.state?.plays.length??0)>0||!!this.state?.devices.some(e=>e.on&&e.kind.startsWith(`massage`)),t=this.state?.not_tonight??!1;return s`<div class="keys" role="group" aria-label=${n(`massage`)}>
      ${this.key(`relief`,{do:`replay`},!0,`wide`)}
      ${this.key(`softer`,{do:`softer`},e)}${this.key(`stronger`,{do:`stronger`},e)}
      ${this.key(`ten_more`,{do:`extend`,minutes:10},e)}
      ${this.key(t?`tonight_again`:`not_tonight`,{do:`not_tonight`,on:!t},!0,``,t)}
    </div>`}key(e,r,i,a=``,o=null){let c=this.up&&i&&this.may(r.do);return s`<button class=${a} data-do=${r.do} aria-disabled=${c?`false`:`true`}
      aria-pressed=${o??t} @click=${()=>{c&&!this.busy(r)&&this.ask(r)}}>${n(e)}</button>`}busy(e){return this.other!==void 0&&o(this.other)&&this.other.command.do===e.do}proof(e){let n=this.stop?.problem;return s`
      <section class="now">
        ${e.state===`refused`?s`<p class="big">${n?.detail??``}</p><p>${n?.remedy??``}</p>`:t}
        <ul class="steps">${e.steps.map(e=>s`<li data-device=${e.id} data-stage=${e.stage}>
          <span class="mark" aria-hidden="true">${l[e.stage]}</span>
          <span>${e.name}<small>${this.stage(e)}</small></span></li>`)}</ul>
      </section>
      <div class="keys">${this.release(e)}</div>`}stage(e){let t=n(`off_`+e.stage);return e.after!==null&&e.after<600?n(`after`,{what:t,n:e.after}):t}release(e){return!this.state?.stopped||e.state===`asked`||!this.up?t:this.releasing?s`
      <button data-do="keep" @click=${()=>{this.releasing=!1,this.requestUpdate()}}>${n(`keep_stopped`)}</button>
      <button data-do="release" @click=${()=>{this.releasing=!1,this.ask({do:`release`})}}>${n(`release_yes`)}</button>`:s`<button class="wide" data-do="ask-release" @click=${()=>{this.releasing=!0,this.requestUpdate()}}>${n(`release`)}</button>`}});