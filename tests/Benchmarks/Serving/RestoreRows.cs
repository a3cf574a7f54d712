using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Backups;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Enrollment;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Usage;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Benchmarks.Serving;

/// <summary>How long a relay with many versions and nodes is down when it is restored from its backup. To enroll that many nodes takes some minutes:
/// each enrollment counts those before it.</summary>
internal static class RestoreRows
{
    private const int Versions = 1000;
    private const int Nodes = 100_000;
    private const int AtATime = 512;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("backup.tar.gz");
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { MaximumNodes = 2 * Nodes });
        ModelVersion first = await relay.TrainSmallAsync(cancellationToken: cancellationToken);
        await relay.PublishAsync("stable", first);
        AddVersions(relay.Services, first);
        await AddNodesAsync(relay.Services, await relay.CreateEnrollmentTokenAsync(Nodes), first, cancellationToken);
        await relay.StopAsync();

        long began = Stopwatch.GetTimestamp();
        (BackupDescription description, int files) = await new RelayBackup(new DataFolder(relay.DataFolder), TimeProvider.System, new())
            .WriteFileAsync(file, (_, _) => { }, cancellationToken);
        double backup = Stopwatch.GetElapsedTime(began).TotalSeconds;

        began = Stopwatch.GetTimestamp();
        await using (FileStream written = File.OpenRead(file))
        {
            await new RelayRestore(folder.Combine("restored")).RunAsync(written, checkOnly: false, (_, _) => { }, cancellationToken);
        }

        double restore = Stopwatch.GetElapsedTime(began).TotalSeconds;
        string what = string.Create(
            CultureInfo.InvariantCulture,
            $"{Versions:N0} versions and {Nodes:N0} enrolled nodes with a report each: {files:N0} files, {description.Bytes / 1e6:0} MB, "
            + $"{new FileInfo(file).Length / 1e6:0} MB compressed");
        await relay.StartAgainAsync();
        return
        [
            BenchRow.LowerIsBetter(
                "serving.backup.seconds", backup, null, "s", $"a backup that relay backup writes, of {what}"),
            BenchRow.LowerIsBetter(
                "serving.restore.seconds", restore, null, "s", $"the same backup into an empty folder, checked: the relay can start"),
        ];
    }

    private static void AddVersions(IServiceProvider services, ModelVersion first)
    {
        StoredVersion trained = services.GetRequiredService<VersionStore>().Find(first.Name, first.Version)!;
        ArtifactStore artifacts = services.GetRequiredService<ArtifactStore>();
        byte[] model = artifacts.Read(trained.Card.Sha256);
        long now = Instant.Now(TimeProvider.System);
        for (int version = first.Version + 1; version <= Versions; version++)
        {
            byte[] other = [.. model, .. BitConverter.GetBytes(version)];
            ModelCard card = trained.Card with { Version = version, Sha256 = artifacts.Put(other), SizeBytes = other.Length };
            string signature = artifacts.Put(BitConverter.GetBytes(version));
            services.GetRequiredService<RelayDatabase>().Write((connection, transaction) =>
            {
                VersionStore.Add(connection, transaction, new NewVersion(trained.View.TrainingRun, card, signature), now);
                return true;
            });
        }
    }

    private static async Task AddNodesAsync(IServiceProvider services, string token, ModelVersion version, CancellationToken cancellationToken)
    {
        NodeEnroller enroller = services.GetRequiredService<NodeEnroller>();
        NodeStore nodes = services.GetRequiredService<NodeStore>();
        RepositorySnapshot snapshot = services.GetRequiredService<RepositoryCache>().Read();
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Nodes, parallel, async (number, _) =>
        {
            string id = $"node-{number:000000}";
            using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            NodePublicKey key = NodePublicKey.Read(pair.ExportSubjectPublicKeyInfo(), out string _)!;
            if (await enroller.EnrollAsync(id, key, token) is var outcome and not EnrollmentOutcome.Enrolled)
            {
                throw new InvalidOperationException($"{id}: {outcome}");
            }

            CheckIn report = Report(id, version);
            string body = JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);
            CheckInSignature signature = new(key.Identity, body, Routes.CheckInsOf(id), new string('i', 200), new string('s', 100));
            CheckInReceipt receipt = await nodes.StoreAsync(report, signature, FleetEntry.Create(report, isSigned: true, snapshot));
            if (receipt.Outcome != CheckInOutcome.Stored)
            {
                throw new InvalidOperationException($"{id}: {receipt.Outcome}");
            }
        });
    }

    private static CheckIn Report(string node, ModelVersion version) => new()
    {
        Node = node,
        Channel = "stable",
        Release = 1,
        Stale = false,
        At = TimeProvider.System.GetUtcNow(),
        Models = [new ActiveModel(version.Name, version.Version, new string('0', 64), "managed", 1, 0)],
        Refusals = [],
        Quarantine = [],
        Sequence = 1,
    };
}
