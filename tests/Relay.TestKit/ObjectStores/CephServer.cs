using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;

namespace Relay.TestKit.ObjectStores;

/// <summary>A Ceph cluster of this test process, with one daemon of each kind, its data in memory and an S3 gateway on loopback. It ends with the
/// process, however that ends, since it is a child of a shell that reads until the process closes its end.</summary>
public sealed class CephServer
{
    public const string AccessKey = "RELAYTESTACCESSKEY01";
    public const string SecretKey = "relay-test-secret-key-of-loopback-only-01";

    /// <summary>Why tests that need the gateway are skipped where it is missing.</summary>
    public const string NotInstalled =
        "the Ceph gateway is not installed: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd";

    private const string Cluster = "6f0ac2b4-6d50-4d8c-a1c7-1b1f8b7a3d10";
    private const string Disk = "0b8f2f63-8b1e-4a5c-9b83-55c1c8d9a1e7";
    private static readonly Lazy<CephServer> OfProcess = new(() => new CephServer());
    private static int _buckets;

    private readonly string _root = Path.Combine(Path.GetTempPath(), $"relay-ceph-{Guid.NewGuid():N}");
    private readonly int _gateway = LocalPort.FindFree();
    private readonly int _monitor = LocalPort.FindFree();
    private readonly Process _guard;

    private CephServer()
    {
        Directory.CreateDirectory(_root);
        File.WriteAllText(Path.Combine(_root, "ceph.conf"), Configuration());
        _guard = Process.Start(new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "bash", "-c", Script() },
        })!;
        if (_guard.StandardOutput.ReadLine() != "ready")
        {
            throw new InvalidOperationException($"The Ceph gateway did not start; see {_root}.");
        }
    }

    /// <summary>True when all of it is there.</summary>
    public static bool IsThere => Array.TrueForAll(
        ["ceph", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool"], program => File.Exists(Path.Combine("/usr/bin", program)));

    /// <summary>The cluster that the tests of this process share.</summary>
    public static CephServer Shared => OfProcess.Value;

    public Uri Address => new($"http://127.0.0.1:{_gateway}");

    /// <summary>A client for what the relay itself does not do.</summary>
    public AmazonS3Client CreateClient() => new(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config
    {
        ServiceURL = Address.AbsoluteUri,
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    /// <summary>The name of a new bucket.</summary>
    public async Task<string> CreateBucketAsync()
    {
        string name = $"relay-{Environment.ProcessId}-{Interlocked.Increment(ref _buckets)}";
        using AmazonS3Client client = CreateClient();
        await client.PutBucketAsync(name);
        return name;
    }

    // One copy of everything, no authentication between the daemons, and no more than what a bucket needs.
    private string Configuration() => $"""
        [global]
        fsid = {Cluster}
        mon host = [v1:127.0.0.1:{_monitor}]
        monmap = {_root}/monmap
        auth cluster required = none
        auth service required = none
        auth client required = none
        public addr = 127.0.0.1
        cluster addr = 127.0.0.1
        ms bind msgr2 = false
        run dir = {_root}
        admin socket =
        log file = {_root}/$name.log
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pgp num = 1
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        mon allow pool size one = true
        mon data avail warn = 1
        mon data avail crit = 0
        mon data = {_root}/mon
        osd data = {_root}/osd
        osd objectstore = memstore
        memstore device bytes = 1073741824
        rgw frontends = beast endpoint=127.0.0.1:{_gateway}
        rgw thread pool size = 16
        rgw rados pool pg num min = 1
        rgw run sync thread = false

        """;

    // The monitor answers before the disk is made: without it, the disk would get no cluster. The disk's daemon ends where it is faster than the
    // monitor's first answer, and is started again.
    private string Script() => $"""
        cd {_root}
        export CEPH_CONF={_root}/ceph.conf
        start() (
            set -e
            mkdir mon osd
            monmaptool --create --fsid {Cluster} --addv a [v1:127.0.0.1:{_monitor}] monmap
            ceph-mon -i a --mkfs --monmap monmap
            ceph-mon -i a -f >>mon.out 2>&1 & echo $! >>pids
            timeout 60 ceph osd new {Disk}
            ceph-osd -i 0 --mkfs --osd-uuid {Disk}
            for try in 1 2 3 4 5; do
                ceph-osd -i 0 -f >>osd.out 2>&1 & osd=$!
                echo $osd >osd.pid
                for i in $(seq 50); do
                    kill -0 $osd || break
                    ! timeout 10 ceph osd stat | grep -q '1 up' || break 2
                    sleep 0.1
                done
                kill -KILL $osd || true
                wait $osd || true
            done
            timeout 120 radosgw-admin user create --uid=relay --display-name=relay --access-key={AccessKey} --secret-key={SecretKey}
            radosgw -n client.rgw -f >>rgw.out 2>&1 & echo $! >>pids
            for i in $(seq 600); do (: </dev/tcp/127.0.0.1/{_gateway}) 2>/dev/null && exit 0; sleep 0.1; done
            exit 1
        )
        start >start.log 2>&1 </dev/null
        if [ $? = 0 ]; then echo ready; else echo failed; failed=1; fi
        [ -n "$failed" ] || cat >/dev/null
        kill -KILL $(cat pids osd.pid 2>/dev/null) 2>/dev/null
        cd /
        [ -n "$failed" ] || rm -rf {_root}
        """;
}
