import{S as e,d as t,n,o as r,t as i,v as a,x as o,y as s}from"./page-DpXS9hMi.js";import{t as c}from"./proof-JLio4raU.js";var l={asked:`·`,told:`·`,lost:`?`,word:`✓`,mains:`✓`,watts:`✓`};n(`lull-bed`,class extends i{constructor(...e){super(...e),this.releasing=!1,this.pressed=!1,this.stopNow=e=>{e.button===0&&(this.pressed=!0,this.releasing=!1,this.ask({do:`stop`}))},this.stopClick=()=>{this.pressed||this.ask({do:`stop`}),this.pressed=!1}}connectedCallback(){super.connectedCallback(),document.title=`Lull: `+t(`bed`),addEventListener(`keydown`,e=>{e.key===`Escape`&&!e.repeat&&this.ask({do:`stop`})})}firstUpdated(){this.querySelector(`.stop`)?.focus({preventScroll:!0})}render(){let n=c(this.state,this.stop,this.up);return e`<main>
      <div class="above" tabindex="-1">
        <header><span>${this.head()}</span><a href=${a.href}>${t(`day_pages`)}</a></header>
        ${n.state===`none`?e`${this.now()}${this.keys()}`:this.proof(n)}
      </div>
      <button class="stop" @pointerdown=${this.stopNow} @click=${this.stopClick} aria-describedby="answer">
        <b>STOP</b><span id="answer">${this.answer(n)}</span>
      </button>
      <div class="hidden" role="alert">${n.state===`none`?this.down?t(`no_link`):``:this.answer(n)}</div></main>`}head(){return this.down?t(`no_link`):this.state?this.state.stopped?t(`stopped`):this.state.ready?this.state.not_tonight?t(`not_tonight_is`):`Lull`:t(`not_ready`):t(`connecting`)}answer(e){return e.state===`none`?t(`stop_all`):e.state===`refused`?t(`stop_refused`):e.state===`asked`?this.up?t(`stop_asked`):t(`stop_trying`):t(`stop_`+e.state)}now(){let n=this.other,r=n&&this.said(n.stage,n.command),i=this.state?.plays??[];return e`<section class="now" aria-live="polite">
      ${this.down?e`<p class="big">${t(`no_link_more`)}</p>`:i.length?i.slice(0,2).map(e=>this.playing(e)):e`<h1>${this.state?this.quiet():``}</h1>`}
      ${r?e`<p>${r}</p>`:o}
    </section>`}quiet(){let e=this.state.devices.filter(e=>e.on&&(e.kind.startsWith(`massage`)||e.kind.startsWith(`heat`)));return e.length?e.map(e=>t(`is_on`,{name:e.name})).join(`, `):t(`all_quiet`)}playing(n){let i=r(this.left(n.left_s)),a=n.paused?t(`paused`):i<=1?t(`last_minute`):t(`minutes_left`,{n:i});return e`<h1>${n.step||n.name}</h1><p class="big">${a}</p>`}said(e,n){return e===`sent`||e===`waits`?t(`said_sent`):e===`accepted`?n.do===`release`?null:t(`said_accepted`):e===`lost`?t(`said_lost`):this.other?.problem?.detail??t(`said_refused`)}keys(){let n=(this.state?.plays.length??0)>0||!!this.state?.devices.some(e=>e.on&&e.kind.startsWith(`massage`)),r=this.state?.not_tonight??!1;return e`<div class="keys" role="group" aria-label=${t(`massage`)}>
      ${this.key(`relief`,{do:`replay`},!0,`wide`)}
      ${this.key(`softer`,{do:`softer`},n)}${this.key(`stronger`,{do:`stronger`},n)}
      ${this.key(`ten_more`,{do:`extend`,minutes:10},n)}
      ${this.key(r?`tonight_again`:`not_tonight`,{do:`not_tonight`,on:!r},!0,``,r)}
    </div>`}key(n,r,i,a=``,s=null){let c=this.up&&i&&this.may(r.do);return e`<button class=${a} data-do=${r.do} aria-disabled=${c?`false`:`true`}
      aria-pressed=${s??o} @click=${()=>{c&&!this.busy(r)&&this.ask(r)}}>${t(n)}</button>`}busy(e){return this.other!==void 0&&s(this.other)&&this.other.command.do===e.do}proof(t){let n=this.stop?.problem;return e`
      <section class="now">
        ${t.state===`refused`?e`<p class="big">${n?.detail??``}</p><p>${n?.remedy??``}</p>`:o}
        <ul class="steps">${t.steps.map(t=>e`<li data-device=${t.id} data-stage=${t.stage}>
          <span class="mark" aria-hidden="true">${l[t.stage]}</span>
          <span>${t.name}<small>${this.stage(t)}</small></span></li>`)}</ul>
      </section>
      <div class="keys">${this.release(t)}</div>`}stage(e){let n=t(`off_`+e.stage);return e.after!==null&&e.after<600?t(`after`,{what:n,n:e.after}):n}release(n){return!this.state?.stopped||n.state===`asked`||!this.up?o:this.releasing?e`
      <button data-do="keep" @click=${()=>{this.releasing=!1,this.requestUpdate()}}>${t(`keep_stopped`)}</button>
      <button data-do="release" @click=${()=>{this.releasing=!1,this.ask({do:`release`})}}>${t(`release_yes`)}</button>`:e`<button class="wide" data-do="ask-release" @click=${()=>{this.releasing=!0,this.requestUpdate()}}>${t(`release`)}</button>`}});