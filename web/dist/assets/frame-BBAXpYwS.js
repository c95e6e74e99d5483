import{E as e,T as t,b as n,d as r,h as i,p as a,t as o,v as s,w as c,y as l}from"./page-CquBMUU7.js";import{t as u}from"./proof-JLio4raU.js";var d=[[`home`,``],[`nights`,`night/`],[`rules`,`rules`],[`trends`,`trends`],[`bedside`,`bed`]],f=class extends o{connectedCallback(){super.connectedCallback(),document.title=`Lull: `+l(this.name)}render(){let e=u(this.state,this.stop,this.up);return t`
      <a class="skip" href="#main">${l(`skip`)}</a>
      <header class="bar"><div>
        <a class="name" href=${i.href}>${p}Lull</a>
        <nav aria-label="Lull">${d.map(([e,n])=>t`<a href=${new URL(n,i).href}
          aria-current=${e===this.name?`page`:c}>${l(e)}</a>`)}</nav>
        <button class="stop" @click=${()=>this.ask({do:`stop`})}>STOP</button>
      </div></header>
      <main id="main" tabindex="-1">
        <div role="status">${this.linkNotice()}${this.proof(e)}${this.saidNotice()}</div>
        ${this.body()}
      </main>
      <footer>${this.settings()}</footer>`}linkNotice(){return this.down?t`<div class="notice bad"><b>${l(`no_link`)}</b><span>${l(`no_link_more`)}</span></div>`:c}proof(e){if(e.state===`none`)return c;let n=e.state===`asked`&&!this.up?l(`stop_trying`):l(`stop_`+e.state);return t`<div class="notice ${e.state===`proved`?`good`:`bad`}">
      <div class="split"><b>STOP: ${n}</b>
        ${this.state?.stopped&&this.up?t`<button @click=${()=>this.ask({do:`release`})}>${l(`release`)}</button>`:c}</div>
      <ul class="steps">${e.steps.map(e=>{let n=l(`off_`+e.stage);return t`<li data-device=${e.id} data-stage=${e.stage}>${e.name}: ${e.after!==null&&e.after<600?l(`after`,{what:n,n:e.after}):n}</li>`})}</ul></div>`}saidNotice(){let e=this.other;return!e||e.stage!==`refused`&&e.stage!==`lost`?c:t`<div class="notice bad">${e.stage===`lost`?l(`said_lost`):t`<b>${e.problem?.detail??l(`said_refused`)}</b><span>${e.problem?.remedy??``}</span>`}</div>`}settings(){let e=(e,r,i)=>t`
      <label>${r}<select @change=${t=>s({[e]:t.target.value})}>
        ${i.map(([r,i])=>t`<option value=${r} ?selected=${n[e]===r}>${i}</option>`)}</select></label>`;return t`<div class="row">
      ${e(`lang`,l(`language`),[[`en`,`English`],[`de`,`Deutsch`]])}
      ${e(`hours`,l(`clock`),[[`24`,`24 h`],[`12`,`12 h`]])}
      ${e(`unit`,l(`warmth`),[[`c`,`°C`],[`f`,`°F`]])}
      ${e(`theme`,l(`colours`),[[`auto`,l(`auto`)],[`light`,l(`bright`)],[`dark`,l(`dark`)]])}
      <span>${l(`comfort`)}</span>
      ${this.you?.user?t`<button class="plain" @click=${()=>void this.leave()}>${l(`log_out`,{name:this.you.user})}</button>`:c}</div>`}async leave(){await fetch(r(`session`),{method:`DELETE`}).catch(()=>null),a()}button(e,n,r=!0,i=``){let a=r&&this.up;return t`<button class=${i} aria-disabled=${a?`false`:`true`} @click=${()=>{a&&n()}}>${e}</button>`}},p=t`<svg viewBox="0 0 64 64" aria-hidden="true">${e`<path d="M4 38c10 0 10-13 19-13s9 18 18 18 9-9 19-9" fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"/>`}</svg>`;function m(e,n){let r=200*Math.min(1,Math.max(0,e));return t`<svg class="meter" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width="200" height="8" rx="4"></rect><rect class="part ${n}" width=${r} height="8" rx="4"></rect></svg>`}export{m as n,f as t};