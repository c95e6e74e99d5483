import{S as e,_ as t,b as n,d as r,f as i,t as a,u as o,x as s}from"./page-BMyAAU3V.js";import{t as c}from"./proof-JLio4raU.js";var l=[[`home`,``],[`nights`,`night/`],[`rules`,`rules`],[`trends`,`trends`],[`bedside`,`bed`]],u=class extends a{connectedCallback(){super.connectedCallback(),document.title=`Lull: `+r(this.name)}render(){let e=c(this.state,this.stop,this.up);return s`
      <a class="skip" href="#main">${r(`skip`)}</a>
      <header class="bar"><div>
        <a class="name" href=${t.href}>${d}Lull</a>
        <nav aria-label="Lull">${l.map(([e,i])=>s`<a href=${new URL(i,t).href}
          aria-current=${e===this.name?`page`:n}>${r(e)}</a>`)}</nav>
        <button class="stop" @click=${()=>this.ask({do:`stop`})}>STOP</button>
      </div></header>
      <main id="main" tabindex="-1">
        <div role="status">${this.linkNotice()}${this.proof(e)}${this.saidNotice()}</div>
        ${this.body()}
      </main>
      <footer>${this.settings()}</footer>`}linkNotice(){return this.down?s`<div class="notice bad"><b>${r(`no_link`)}</b><span>${r(`no_link_more`)}</span></div>`:n}proof(e){if(e.state===`none`)return n;let t=e.state===`asked`&&!this.up?r(`stop_trying`):r(`stop_`+e.state);return s`<div class="notice ${e.state===`proved`?`good`:`bad`}">
      <div class="split"><b>STOP: ${t}</b>
        ${this.state?.stopped&&this.up?s`<button @click=${()=>this.ask({do:`release`})}>${r(`release`)}</button>`:n}</div>
      <ul class="steps">${e.steps.map(e=>{let t=r(`off_`+e.stage);return s`<li data-device=${e.id} data-stage=${e.stage}>${e.name}: ${e.after!==null&&e.after<600?r(`after`,{what:t,n:e.after}):t}</li>`})}</ul></div>`}saidNotice(){let e=this.other;return!e||e.stage!==`refused`&&e.stage!==`lost`?n:s`<div class="notice bad">${e.stage===`lost`?r(`said_lost`):s`<b lang="en">${e.problem?.detail??r(`said_refused`)}</b><span lang="en">${e.problem?.remedy??``}</span>`}</div>`}settings(){let e=(e,t,n)=>s`
      <label>${t}<select @change=${t=>o({[e]:t.target.value})}>
        ${n.map(([t,n])=>s`<option value=${t} ?selected=${i[e]===t}>${n}</option>`)}</select></label>`;return s`<div class="row">
      ${e(`lang`,r(`language`),[[`en`,`English`],[`de`,`Deutsch`]])}
      ${e(`hours`,r(`clock`),[[`24`,`24 h`],[`12`,`12 h`]])}
      ${e(`unit`,r(`warmth`),[[`c`,`°C`],[`f`,`°F`]])}
      ${e(`theme`,r(`colours`),[[`auto`,r(`auto`)],[`light`,r(`bright`)],[`dark`,r(`dark`)]])}
      <span>${r(`comfort`)}</span></div>`}button(e,t,n=!0,r=``){let i=n&&this.up;return s`<button class=${r} aria-disabled=${i?`false`:`true`} @click=${()=>{i&&t()}}>${e}</button>`}},d=s`<svg viewBox="0 0 64 64" aria-hidden="true">${e`<path d="M4 38c10 0 10-13 19-13s9 18 18 18 9-9 19-9" fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"/>`}</svg>`;function f(e,t){let n=200*Math.min(1,Math.max(0,e));return s`<svg class="meter" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width="200" height="8" rx="4"></rect><rect class="part ${t}" width=${n} height="8" rx="4"></rect></svg>`}export{f as n,u as t};