using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Platform.Files;

namespace Demo;

/// <summary>Adds a version that is signed with the right keys but whose golden vectors do not hold: what a broken trainer, or an
/// attacker with the relay's whole disk, would publish.</summary>
internal static class BrokenVersion
{
    /// <summary>Adds a copy of a version, with one golden answer altered, to the folder of a stopped relay.</summary>
    /// <returns>Its number.</returns>
    public static async Task<int> AddAsync(string dataFolder, ModelVersion like, CancellationToken cancellationToken)
    {
        DataFolder folder = new(dataFolder);
        using FileLock held = folder.AcquireLock();
        using RelayDatabase database = RelayDatabase.Open(folder);
        OpenedKeys opened = await KeyStore.OpenAsync(folder.Keys, TimeProvider.System, cancellationToken);
        using SigningKeys keys = opened.Keys;
        ArtifactStore artifacts = new(folder);
        VersionStore versions = new(database);

        StoredVersion good = versions.Find(like.Name, like.Version) ?? throw new DemoException($"no version {like.Version} of {like.Name}");
        int number = versions.NextVersion(like.Name);
        byte[] broken = Break(artifacts.Read(good.Card.Sha256), number);
        string signature = artifacts.Put(new ArtifactSigner(keys, TimeProvider.System).Sign(broken));
        ModelCard card = good.Card with { Version = number, Sha256 = artifacts.Put(broken), SizeBytes = broken.Length };
        database.Write((connection, transaction) =>
        {
            VersionStore.Add(
                connection, transaction, new NewVersion(good.View.TrainingRun, card, signature),
                TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            return number;
        });
        return number;
    }

    private static byte[] Break(byte[] artifact, int number)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(artifact);
        Entry(model, ModelMetadataKeys.Version).Value = number.ToString(CultureInfo.InvariantCulture);

        StringStringEntryProto entry = Entry(model, ModelMetadataKeys.Golden);
        GoldenVectors golden = JsonSerializer.Deserialize(entry.Value, ModelJson.Default.GoldenVectors)!;
        uint[][] bits = [.. golden.OutputBits.Select(row => row.ToArray())];
        float answer = BitConverter.UInt32BitsToSingle(bits[0][0]);
        bits[0][0] = BitConverter.SingleToUInt32Bits(answer > 0.5f ? answer - 0.01f : answer + 0.01f);
        entry.Value = JsonSerializer.Serialize(golden with { OutputBits = bits }, ModelJson.Default.GoldenVectors);
        return model.ToByteArray();
    }

    private static StringStringEntryProto Entry(ModelProto model, string key) => model.MetadataProps.Single(p => p.Key == key);
}
