// Begins the replica set and makes Samling's own user, who may use Samling's
// database and no other. Run by mongosh; what is there already stays.
const fs = require('fs');
const secret = (name) => fs.readFileSync('/run/secrets/' + name, 'utf8').trim();

const at = 'mongo1:27017/admin?directConnection=true';
const admin = connect('mongodb://root:' + encodeURIComponent(secret('mongo-root-password')) + '@' + at);

try {
  admin.adminCommand({ replSetGetStatus: 1 });
} catch (fault) {
  if (fault.codeName !== 'NotYetInitialized') throw fault;
  admin.adminCommand({
    replSetInitiate: {
      _id: 'samling',
      // The first is chosen as long as it lives: this script writes to it.
      members: [1, 2, 3].map((n) => ({ _id: n, host: 'mongo' + n + ':27017', priority: n === 1 ? 2 : 1 })),
    },
  });
}
for (let tries = 0; !admin.hello().isWritablePrimary; tries++) {
  if (tries === 60) throw new Error('mongo1 did not become the primary within a minute; run this again');
  sleep(1000);
}
const samling = admin.getSiblingDB('samling');
if (samling.getUser('samling') === null) {
  samling.createUser({ user: 'samling', pwd: secret('mongo-samling-password'), roles: [{ role: 'readWrite', db: 'samling' }] });
}
print('the replica set is up, and so is the user samling');
