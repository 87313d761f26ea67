"""Writes a BW64-style WAV of a 7.1 bed and 16 objects with a block every 10 ms of noise (needs numpy).

adm_scene.py FILE SECONDS [polar|cartesian]"""
import sys, struct, numpy as np, random
secs=float(sys.argv[2]); out=sys.argv[1]; mode=sys.argv[3] if len(sys.argv)>3 else "polar"
random.seed(1); sr=48000; n=int(secs*sr); nobj=16; ch=8+nobj
rng=np.random.default_rng(1)
x=(rng.integers(-800000,800000,size=(n,ch))).astype('<i4')
raw=x.view(np.uint8).reshape(n,ch,4)[:,:,:3].tobytes()
def t(s): return "%02d:%02d:%08.5f"%(s//3600,s%3600//60,s%60)
L=[]
A=L.append
A('<?xml version="1.0" encoding="UTF-8"?><ebuCoreMain xmlns="urn:ebu:metadata-schema:ebuCore_2016"><coreMetadata><format><audioFormatExtended>')
A('<audioProgramme audioProgrammeID="APR_1001" audioProgrammeName="P"><audioContentIDRef>ACO_1001</audioContentIDRef></audioProgramme>')
A('<audioContent audioContentID="ACO_1001" audioContentName="FX">'+''.join(f'<audioObjectIDRef>AO_{0x1001+i:04x}</audioObjectIDRef>' for i in range(nobj+1))+'<dialogue nonDialogueContentKind="2">0</dialogue></audioContent>')
A('<audioObject audioObjectID="AO_1001" audioObjectName="Bed"><audioPackFormatIDRef>AP_0001000f</audioPackFormatIDRef>'+''.join(f'<audioTrackUIDRef>ATU_{i+1:08x}</audioTrackUIDRef>' for i in range(8))+'</audioObject>')
chans=['01','02','03','04','0a','0b','1c','1d']
rows=[]
for i,c in enumerate(chans): rows.append((i+1,'ATU_%08x'%(i+1),'AT_000100%s_01'%c,'AP_0001000f')); A(f'<audioTrackUID UID="ATU_{i+1:08x}" sampleRate="48000" bitDepth="24"><audioTrackFormatIDRef>AT_000100{c}_01</audioTrackFormatIDRef><audioPackFormatIDRef>AP_0001000f</audioPackFormatIDRef></audioTrackUID>')
for o in range(nobj):
    i=0x1001+o; k=9+o
    A(f'<audioObject audioObjectID="AO_{i+1:04x}" audioObjectName="O{o}"><audioPackFormatIDRef>AP_0003{i:04x}</audioPackFormatIDRef><audioTrackUIDRef>ATU_{k:08x}</audioTrackUIDRef></audioObject>')
    A(f'<audioPackFormat audioPackFormatID="AP_0003{i:04x}" audioPackFormatName="O{o}" typeLabel="0003" typeDefinition="Objects"><audioChannelFormatIDRef>AC_0003{i:04x}</audioChannelFormatIDRef></audioPackFormat>')
    A(f'<audioStreamFormat audioStreamFormatID="AS_0003{i:04x}" audioStreamFormatName="O{o}" formatLabel="0001" formatDefinition="PCM"><audioChannelFormatIDRef>AC_0003{i:04x}</audioChannelFormatIDRef><audioTrackFormatIDRef>AT_0003{i:04x}_01</audioTrackFormatIDRef></audioStreamFormat>')
    A(f'<audioTrackFormat audioTrackFormatID="AT_0003{i:04x}_01" audioTrackFormatName="O{o}" formatLabel="0001" formatDefinition="PCM"><audioStreamFormatIDRef>AS_0003{i:04x}</audioStreamFormatIDRef></audioTrackFormat>')
    A(f'<audioTrackUID UID="ATU_{k:08x}" sampleRate="48000" bitDepth="24"><audioTrackFormatIDRef>AT_0003{i:04x}_01</audioTrackFormatIDRef><audioPackFormatIDRef>AP_0003{i:04x}</audioPackFormatIDRef></audioTrackUID>')
    A(f'<audioChannelFormat audioChannelFormatID="AC_0003{i:04x}" audioChannelFormatName="O{o}" typeLabel="0003" typeDefinition="Objects">')
    az,el=random.uniform(-180,180),random.uniform(0,30)
    for b in range(int(secs*100)):
        az=(az+random.uniform(0,3)+180)%360-180; el=min(60,max(0,el+random.uniform(-1,1)))
        if mode=="polar": pos=f'<position coordinate="azimuth">{az:.4f}</position><position coordinate="elevation">{el:.4f}</position><position coordinate="distance">1.0</position>'
        else: pos=f'<cartesian>1</cartesian><position coordinate="X">{az/180:.6f}</position><position coordinate="Y">{np.cos(az/57.3):.6f}</position><position coordinate="Z">{el/60:.6f}</position>'
        A(f'<audioBlockFormat audioBlockFormatID="AB_0003{i:04x}_{b+1:08x}" rtime="{t(b/100)}" duration="{t(1/100)}">{pos}</audioBlockFormat>')
    A('</audioChannelFormat>')
    rows.append((k,'ATU_%08x'%k,'AT_0003%04x_01'%i,'AP_0003%04x'%i))
A('</audioFormatExtended></format></coreMetadata></ebuCoreMain>')
ax='\n'.join(L).encode()
chna=struct.pack('<HH',ch,len(rows))+b''.join(struct.pack('<H12s14s11sx',a,b.encode(),c.encode(),d.encode()) for a,b,c,d in rows)
fmt=struct.pack('<HHIIHH',1,ch,sr,sr*ch*3,ch*3,24)
def chunk(i,d): return i+struct.pack('<I',len(d))+d+(b'\0' if len(d)&1 else b'')
body=b'WAVE'+chunk(b'fmt ',fmt)+chunk(b'chna',chna)+chunk(b'axml',ax)+chunk(b'data',raw)
open(out,'wb').write(b'RIFF'+struct.pack('<I',len(body))+body); print(len(ax),n)
