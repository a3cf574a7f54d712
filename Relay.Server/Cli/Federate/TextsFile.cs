using System.Text.Encodings.Web;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Json;

namespace Relay.Server.Cli.Federate;

/// <summary>The texts of labels and categories in the rows of one owner, as a file that the owner reads, edits and sends to the party that plans the
/// round.</summary>
internal sealed record TextsFile(IReadOnlyList<string> Labels, IReadOnlyDictionary<string, IReadOnlyList<string>> Categories)
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly FederateJson Json = new(new JsonSerializerOptions(FederateJson.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = null,
    });

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json.TextsFile), (byte)'\n'];

    /// <exception cref="CommandException">There is no such file, it is too large, or it holds something else.</exception>
    public static TextsFile Read(string path)
    {
        byte[] json = BoundedFile.Read(path, MaxBytes, "a file of 'relay federate texts'");
        try
        {
            return JsonSerializer.Deserialize(json, FederateJson.Default.TextsFile) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CommandException(DisplayText.Format($"{path}: is no file of 'relay federate texts': {JsonErrorText.Describe(e)}"));
        }
    }

    /// <summary>The texts of all files, each once, in ordinal order.</summary>
    public static TextsFile Merge(IReadOnlyCollection<TextsFile> files) => new(
        Sort(files.SelectMany(f => f.Labels)),
        files.SelectMany(f => f.Categories).GroupBy(c => c.Key, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal)
            .ToDictionary(c => c.Key, c => Sort(c.SelectMany(texts => texts.Value)), StringComparer.Ordinal));

    private static IReadOnlyList<string> Sort(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
