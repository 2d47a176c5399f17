import { ensurePeers } from './peers.ts';

ensurePeers();
