using System.Globalization;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Benchmarks.Serving;

/// <summary>How fast a relay answers what nodes ask for most, beside nginx with the same files, the same certificate and the same load.</summary>
internal static class FileRows
{
    private const int Rounds = 7;

    /// <summary>Of the relay alone: until its code is compiled for speed, which takes it some 100,000 requests.</summary>
    private const int WarmUpRounds = 6;

    private const int Checks = 20_000;
    private const int Downloads = 1_000;

    /// <summary>A forest of about 485 KB.</summary>
    private const int Rows = 4_000;

    private const int Trees = 35;
    private const int Depth = 12;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        if (!NginxProcess.IsInstalled)
        {
            throw new InvalidOperationException("nginx is not installed: Debian's package nginx-light has it.");
        }

        await using ServedRelay relay = await ServedRelay.StartAsync();
        await relay.PublishAsync(await relay.TrainAsync(relay.WriteRows(Rows), Trees, Depth, cancellationToken), cancellationToken);
        await using NginxProcess nginx = await NginxServer.StartAsync(relay.Repository, relay.Certificate);
        using TemporaryFolder folder = new();
        string mirror = folder.Combine("mirror");
        await MirrorAsync(relay, mirror);
        await using NginxProcess mirrored = await NginxServer.StartAsync(mirror, relay.Certificate);

        string artifact = relay.ArtifactPath();
        string size = $"{new FileInfo(Path.Combine(relay.Repository, artifact)).Length / 1e3:0} KB";
        Pair timestamps = await Pair.CreateAsync(relay, nginx, "metadata/timestamp.json", isConditional: true, cancellationToken);
        Pair artifacts = await Pair.CreateAsync(relay, nginx, artifact, isConditional: false, cancellationToken);
        const string Unchanged = "GET of timestamp.json with its entity tag, answered 304";
        string download = $"GET of an artifact of {size}";
        return
        [
            .. await MeasureAsync("serving.unchanged", Unchanged, timestamps, Checks, isHttp2: false),
            .. await MeasureAsync(
                "serving.unchanged.api-key", $"{Unchanged}; with an API key, which the relay checks and nginx does not",
                timestamps with { Ours = timestamps.Ours with { Headers = [$"authorization: Bearer {relay.Process.AdminKey}"] } }, Checks,
                isHttp2: false),
            .. await MeasureAsync("serving.unchanged.http2", Unchanged, timestamps, Checks, isHttp2: true),
            .. await MeasureAsync("serving.artifact", download, artifacts, Downloads, isHttp2: false),
            .. await MeasureAsync("serving.artifact.http2", download, artifacts, Downloads, isHttp2: true),
            (await MeasureAsync(
                "serving.mirror", $"{download} from a folder of ./relay mirror that nginx serves, beside nginx that serves the relay's own file",
                artifacts with { Ours = new ServedFile(new Uri(mirrored.Address, Slashes(artifact)), () => mirrored.ProcessorTime) },
                Downloads, isHttp2: false))[0],
        ];
    }

    /// <summary>The two sides in turn, so that what else the machine does meets both.</summary>
    private static async Task<BenchRow[]> MeasureAsync(string id, string what, Pair files, int requests, bool isHttp2)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            await files.Ours.MeasureAsync(requests, isHttp2);
        }

        await files.Peer.MeasureAsync(requests, isHttp2);
        List<(double PerSecond, double Microseconds, string Cipher)> ours = [];
        List<(double PerSecond, double Microseconds, string Cipher)> peers = [];
        for (int round = 0; round < Rounds; round++)
        {
            ours.Add(await files.Ours.MeasureAsync(requests, isHttp2));
            peers.Add(await files.Peer.MeasureAsync(requests, isHttp2));
        }

        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}; {(isHttp2 ? "HTTP/2" : "HTTP/1.1")}, TLS 1.3, {ours[0].Cipher} and {peers[0].Cipher}, {LoadRun.Connections} kept connections; "
            + $"median of {Rounds} rounds of {requests} requests in turn, {Environment.ProcessorCount} cores for server and load; peer: nginx");
        return
        [
            new BenchRow(
                $"{id}.vs-nginx", Median(ours, run => run.PerSecond), Median(peers, run => run.PerSecond), "1/s",
                Median(ours.Zip(peers), pair => pair.First.PerSecond / pair.Second.PerSecond), note),
            new BenchRow(
                $"{id}.cpu.us", Median(ours, run => run.Microseconds), Median(peers, run => run.Microseconds), "us",
                Median(ours.Zip(peers), pair => pair.Second.Microseconds / pair.First.Microseconds),
                "processor time of the server for each of them, which does not depend on the load generator"),
        ];
    }

    private static async Task MirrorAsync(ServedRelay relay, string folder)
    {
        CommandRun run = (await CommandRun.TryAsync(
            "dotnet", [typeof(RelayApi).Assembly.Location, "mirror", folder, "--data", relay.Process.DataFolder]))!;
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"relay mirror: {Encoding.UTF8.GetString(run.Output)}{run.Errors}");
        }
    }

    private static double Median<T>(IEnumerable<T> rounds, Func<T, double> value) => rounds.Select(value).Order().ElementAt(Rounds / 2);

    private static string Slashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>The same file on both servers.</summary>
    private sealed record Pair(ServedFile Ours, ServedFile Peer)
    {
        public static async Task<Pair> CreateAsync(
            ServedRelay relay, NginxProcess nginx, string path, bool isConditional, CancellationToken cancellationToken)
        {
            string repository = Routes.Metadata[..(Routes.Metadata.LastIndexOf('/') + 1)];
            ServedFile ours = new(new Uri(relay.Process.Address, repository + Slashes(path)), () => relay.Process.ProcessorTime);
            ServedFile peer = new(new Uri(nginx.Address, Slashes(path)), () => nginx.ProcessorTime);
            return isConditional
                ? new(await ours.WithTagAsync(relay.Authority, cancellationToken), await peer.WithTagAsync(relay.Authority, cancellationToken))
                : new(ours, peer);
        }
    }
}
