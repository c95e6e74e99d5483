import{S as e,T as t,h as n,n as r,o as i,t as a,w as o,y as s}from"./page-CquBMUU7.js";import{t as c}from"./proof-JLio4raU.js";var l={asked:`·`,told:`·`,lost:`?`,word:`✓`,mains:`✓`,watts:`✓`};r(`lull-bed`,class extends a{constructor(...e){super(...e),this.releasing=!1,this.pressed=!1,this.stopNow=e=>{e.button===0&&(this.pressed=!0,this.releasing=!1,this.ask({do:`stop`}))},this.stopClick=()=>{this.pressed||this.ask({do:`stop`}),this.pressed=!1}}connectedCallback(){super.connectedCallback(),document.title=`Lull: `+s(`bed`),addEventListener(`keydown`,e=>{e.key===`Escape`&&!e.repeat&&this.ask({do:`stop`})})}firstUpdated(){this.querySelector(`.stop`)?.focus({preventScroll:!0})}render(){let e=c(this.state,this.stop,this.up);return t`<main>
      <div class="above" tabindex="-1">
        <header><span>${this.head()}</span><a href=${n.href}>${s(`day_pages`)}</a></header>
        ${e.state===`none`?t`${this.now()}${this.keys()}`:this.proof(e)}
      </div>
      <button class="stop" @pointerdown=${this.stopNow} @click=${this.stopClick} aria-describedby="answer">
        <b>STOP</b><span id="answer">${this.answer(e)}</span>
      </button>
      <div class="hidden" role="alert">${e.state===`none`?this.down?s(`no_link`):``:this.answer(e)}</div></main>`}head(){return this.down?s(`no_link`):this.state?this.state.stopped?s(`stopped`):this.state.ready?this.state.not_tonight?s(`not_tonight_is`):`Lull`:s(`not_ready`):s(`connecting`)}answer(e){return e.state===`none`?s(`stop_all`):e.state===`refused`?s(`stop_refused`):e.state===`asked`?this.up?s(`stop_asked`):s(`stop_trying`):s(`stop_`+e.state)}now(){let e=this.other,n=e&&this.said(e.stage,e.command),r=this.state?.plays??[];return t`<section class="now" aria-live="polite">
      ${this.down?t`<p class="big">${s(`no_link_more`)}</p>`:r.length?r.slice(0,2).map(e=>this.playing(e)):t`<h1>${this.state?this.quiet():``}</h1>`}
      ${n?t`<p>${n}</p>`:o}
    </section>`}quiet(){let e=this.state.devices.filter(e=>e.on&&(e.kind.startsWith(`massage`)||e.kind.startsWith(`heat`)));return e.length?e.map(e=>s(`is_on`,{name:e.name})).join(`, `):s(`all_quiet`)}playing(e){let n=i(this.left(e.left_s)),r=e.paused?s(`paused`):n<=1?s(`last_minute`):s(`minutes_left`,{n});return t`<h1>${e.step||e.name}</h1><p class="big">${r}</p>`}said(e,t){return e===`sent`||e===`waits`?s(`said_sent`):e===`accepted`?t.do===`release`?null:s(`said_accepted`):e===`lost`?s(`said_lost`):this.other?.problem?.code===`too_late`?s(`said_too_late`):this.other?.problem?.detail??s(`said_refused`)}keys(){let e=(this.state?.plays.length??0)>0||!!this.state?.devices.some(e=>e.on&&e.kind.startsWith(`massage`)),n=this.state?.not_tonight??!1;return t`<div class="keys" role="group" aria-label=${s(`massage`)}>
      ${this.key(`relief`,{do:`replay`},!0,`wide`)}
      ${this.key(`softer`,{do:`softer`},e)}${this.key(`stronger`,{do:`stronger`},e)}
      ${this.key(`ten_more`,{do:`extend`,minutes:10},e)}
      ${this.key(n?`tonight_again`:`not_tonight`,{do:`not_tonight`,on:!n},!0,``,n)}
    </div>`}key(e,n,r,i=``,a=null){let c=this.up&&r&&this.may(n.do);return t`<button class=${i} data-do=${n.do} aria-disabled=${c?`false`:`true`}
      aria-pressed=${a??o} @click=${()=>{c&&!this.busy(n)&&this.ask(n)}}>${s(e)}</button>`}busy(t){return this.other!==void 0&&e(this.other)&&this.other.command.do===t.do}proof(e){let n=this.stop?.problem;return t`
      <section class="now">
        ${e.state===`refused`?t`<p class="big">${n?.detail??``}</p><p>${n?.remedy??``}</p>`:o}
        <ul class="steps">${e.steps.map(e=>t`<li data-device=${e.id} data-stage=${e.stage}>
          <span class="mark" aria-hidden="true">${l[e.stage]}</span>
          <span>${e.name}<small>${this.stage(e)}</small></span></li>`)}</ul>
      </section>
      <div class="keys">${this.release(e)}</div>`}stage(e){let t=s(`off_`+e.stage);return e.after!==null&&e.after<600?s(`after`,{what:t,n:e.after}):t}release(e){return!this.state?.stopped||e.state===`asked`||!this.up?o:this.releasing?t`
      <button data-do="keep" @click=${()=>{this.releasing=!1,this.requestUpdate()}}>${s(`keep_stopped`)}</button>
      <button data-do="release" @click=${()=>{this.releasing=!1,this.ask({do:`release`})}}>${s(`release_yes`)}</button>`:t`<button class="wide" data-do="ask-release" @click=${()=>{this.releasing=!0,this.requestUpdate()}}>${s(`release`)}</button>`}});