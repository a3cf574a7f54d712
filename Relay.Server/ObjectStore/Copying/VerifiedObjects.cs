using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Platform.Files;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>An object whose bytes were compared with those of its file.</summary>
/// <param name="EntityTag">The tag that it had then.</param>
internal sealed record VerifiedObject(long Length, string EntityTag);

/// <summary>Which objects were compared, kept beside the data, so that a start need not read all of a bucket again. Without the file, or with one of
/// another bucket, all are read again.</summary>
internal sealed class VerifiedObjects(string path, string bucket, DurableFiles files)
{
    private Dictionary<string, VerifiedObject>? _known;

    public IReadOnlyDictionary<string, VerifiedObject> Known => _known ??= Read();

    public void Replace(Dictionary<string, VerifiedObject> known)
    {
        if (known.Count == Known.Count && known.All(one => Known.TryGetValue(one.Key, out VerifiedObject? before) && before == one.Value))
        {
            return;
        }

        files.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new StoredObjects(bucket, known), VerifiedObjectsJson.Default.StoredObjects));
        _known = known;
    }

    private Dictionary<string, VerifiedObject> Read()
    {
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize(File.ReadAllBytes(path), VerifiedObjectsJson.Default.StoredObjects) is { Objects: { } known } stored
                && stored.Bucket == bucket
                ? new(known, StringComparer.Ordinal)
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

internal sealed record StoredObjects(string Bucket, Dictionary<string, VerifiedObject> Objects);

[JsonSerializable(typeof(StoredObjects))]
internal sealed partial class VerifiedObjectsJson : JsonSerializerContext;
