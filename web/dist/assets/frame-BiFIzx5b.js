import{C as e,S as t,d as n,f as r,g as i,m as a,t as o,u as s,v as c,x as l}from"./page-DpXS9hMi.js";import{t as u}from"./proof-JLio4raU.js";var d=[[`home`,``],[`nights`,`night/`],[`rules`,`rules`],[`trends`,`trends`],[`bedside`,`bed`]],f=class extends o{connectedCallback(){super.connectedCallback(),document.title=`Lull: `+n(this.name)}render(){let e=u(this.state,this.stop,this.up);return t`
      <a class="skip" href="#main">${n(`skip`)}</a>
      <header class="bar"><div>
        <a class="name" href=${c.href}>${p}Lull</a>
        <nav aria-label="Lull">${d.map(([e,r])=>t`<a href=${new URL(r,c).href}
          aria-current=${e===this.name?`page`:l}>${n(e)}</a>`)}</nav>
        <button class="stop" @click=${()=>this.ask({do:`stop`})}>STOP</button>
      </div></header>
      <main id="main" tabindex="-1">
        <div role="status">${this.linkNotice()}${this.proof(e)}${this.saidNotice()}</div>
        ${this.body()}
      </main>
      <footer>${this.settings()}</footer>`}linkNotice(){return this.down?t`<div class="notice bad"><b>${n(`no_link`)}</b><span>${n(`no_link_more`)}</span></div>`:l}proof(e){if(e.state===`none`)return l;let r=e.state===`asked`&&!this.up?n(`stop_trying`):n(`stop_`+e.state);return t`<div class="notice ${e.state===`proved`?`good`:`bad`}">
      <div class="split"><b>STOP: ${r}</b>
        ${this.state?.stopped&&this.up?t`<button @click=${()=>this.ask({do:`release`})}>${n(`release`)}</button>`:l}</div>
      <ul class="steps">${e.steps.map(e=>{let r=n(`off_`+e.stage);return t`<li data-device=${e.id} data-stage=${e.stage}>${e.name}: ${e.after!==null&&e.after<600?n(`after`,{what:r,n:e.after}):r}</li>`})}</ul></div>`}saidNotice(){let e=this.other;return!e||e.stage!==`refused`&&e.stage!==`lost`?l:t`<div class="notice bad">${e.stage===`lost`?n(`said_lost`):t`<b lang="en">${e.problem?.detail??n(`said_refused`)}</b><span lang="en">${e.problem?.remedy??``}</span>`}</div>`}settings(){let e=(e,n,i)=>t`
      <label>${n}<select @change=${t=>s({[e]:t.target.value})}>
        ${i.map(([n,i])=>t`<option value=${n} ?selected=${r[e]===n}>${i}</option>`)}</select></label>`;return t`<div class="row">
      ${e(`lang`,n(`language`),[[`en`,`English`],[`de`,`Deutsch`]])}
      ${e(`hours`,n(`clock`),[[`24`,`24 h`],[`12`,`12 h`]])}
      ${e(`unit`,n(`warmth`),[[`c`,`°C`],[`f`,`°F`]])}
      ${e(`theme`,n(`colours`),[[`auto`,n(`auto`)],[`light`,n(`bright`)],[`dark`,n(`dark`)]])}
      <span>${n(`comfort`)}</span>
      ${this.you?.user?t`<button class="plain" @click=${()=>void this.leave()}>${n(`log_out`,{name:this.you.user})}</button>`:l}</div>`}async leave(){await fetch(a(`session`),{method:`DELETE`}).catch(()=>null),i()}button(e,n,r=!0,i=``){let a=r&&this.up;return t`<button class=${i} aria-disabled=${a?`false`:`true`} @click=${()=>{a&&n()}}>${e}</button>`}},p=t`<svg viewBox="0 0 64 64" aria-hidden="true">${e`<path d="M4 38c10 0 10-13 19-13s9 18 18 18 9-9 19-9" fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"/>`}</svg>`;function m(e,n){let r=200*Math.min(1,Math.max(0,e));return t`<svg class="meter" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width="200" height="8" rx="4"></rect><rect class="part ${n}" width=${r} height="8" rx="4"></rect></svg>`}export{m as n,f as t};