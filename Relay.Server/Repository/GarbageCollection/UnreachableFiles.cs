using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Platform.Files;

namespace Relay.Server.Repository.GarbageCollection;

/// <summary>
/// The time since when each file is known to be unreachable, kept beside the repository. A file's own time does not tell: targets of
/// last month may have been current until a minute ago, when a node began to read them.
/// </summary>
internal sealed class UnreachableFiles(string folder, DurableFiles files)
{
    private readonly string _path = Path.Combine(folder, ".unreachable.json");

    /// <summary>By path. Empty when there is no record or it is damaged: then every file's grace period starts again,
    /// and nothing is removed early.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Read()
    {
        if (!File.Exists(_path))
        {
            return new Dictionary<string, DateTimeOffset>();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), UnreachableFilesJson.Default.DictionaryStringDateTimeOffset)
                ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, DateTimeOffset>();
        }
    }

    public void Write(IReadOnlyDictionary<string, DateTimeOffset> since)
    {
        string staged = _path + ".new";
        files.Write(staged, JsonSerializer.SerializeToUtf8Bytes(new(since), UnreachableFilesJson.Default.DictionaryStringDateTimeOffset));
        files.Rename(staged, _path);
    }
}

[JsonSerializable(typeof(Dictionary<string, DateTimeOffset>))]
internal sealed partial class UnreachableFilesJson : JsonSerializerContext;
