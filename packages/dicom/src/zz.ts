import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readInstanceHead, frameSource, storedBuffer, describePixels, createPixelPool } from './index.ts';
import { part10, grayImage } from './pixel/testing/part10.ts';
const rss=()=>Math.round(process.memoryUsage().rss/1e6);
const pool=createPixelPool({threads:1,idleTimeoutMs:500});
const pano=part10({elements:grayImage(1536,2832,{'00280101 US':[12],'00280102 US':[11]}),pixelData:Buffer.from(Uint16Array.from({length:1536*2832},(_,i)=>2048+1500*Math.sin((i%2832)/90)*Math.cos(i/2832/70)+((i*7919)%60)).buffer)});
const input=async(b:Buffer)=>{const h=readInstanceHead(b);return {d:describePixels(h,1),b:Buffer.from(await frameSource(h,storedBuffer(b)).frame(1))}};
const out=['base '+rss()];
await pool.placeholder({reason:'damaged'}); out.push('thread '+rss());
let p=await input(pano);
for(let i=0;i<8;i++){p=await input(pano); await pool.derive(p.d,p.b);} out.push('8 panos '+rss());
const ct=readdirSync('/work/shared/samples/dicom_volume_headneck_ct').slice(0,100);
for(const f of ct){const q=await input(readFileSync('/work/shared/samples/dicom_volume_headneck_ct/'+f)); await pool.derive(q.d,q.b);}
out.push('100 ct '+rss());
await sleep(2500); out.push('idle '+rss());
await pool.close();
console.log(out.join(' | '));
