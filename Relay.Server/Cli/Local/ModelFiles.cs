using System.Text;
using System.Text.Json;
using Relay.Training;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Local;

/// <summary>A model file and its card beside it: <c>model.onnx</c> and <c>model.card.json</c>.</summary>
internal sealed class ModelFiles(string model)
{
    private const string CardEnd = ".card.json";
    private const int MaxCardBytes = 64 * 1024 * 1024;

    private static readonly ModelJson Indented =
        new(new JsonSerializerOptions(ModelJson.Default.Options) { WriteIndented = true, TypeInfoResolver = null });

    public string Model { get; } = Path.GetFullPath(model);

    public string Card { get; } = Path.ChangeExtension(Path.GetFullPath(model), CardEnd);

    /// <summary>The path of the model that a card lies beside.</summary>
    public static string ModelOf(string card) =>
        (card.EndsWith(CardEnd, StringComparison.Ordinal) ? card[..^CardEnd.Length] : Path.ChangeExtension(card, null)) + ".onnx";

    /// <summary>Checks, before a run of hours, that its result can be written.</summary>
    /// <param name="inputs">Files that the run reads, and that must not be replaced.</param>
    /// <exception cref="CommandException">The folder is missing, or a file in the way.</exception>
    public void RequireWritable(IEnumerable<string> inputs)
    {
        string folder = Path.GetDirectoryName(Model)!;
        if (!Directory.Exists(folder) || Directory.Exists(Model) || Directory.Exists(Card))
        {
            throw new CommandException(DisplayText.Format($"--output {Model}: expected a file in a folder that exists"));
        }

        HashSet<string> read = [.. inputs.Select(Target)];
        if (((string[])[Model, Card]).FirstOrDefault(file => read.Contains(Target(file))) is { } same)
        {
            throw new CommandException(DisplayText.Format($"--output: {same} would be replaced, and the run reads it; choose another name"));
        }

        string probe = TemporaryOf(Model);
        try
        {
            new FileStream(probe, FileMode.CreateNew).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(DisplayText.Format($"--output {Model}: cannot be written, {e.Message}"));
        }

        File.Delete(probe);
    }

    /// <summary>Writes both files, each as a whole; nothing of them stays where one cannot be written.</summary>
    public void Write(TrainedModel model)
    {
        DurableFiles files = new();
        string[] targets = [Card, Model];
        string[] temporary = [.. targets.Select(TemporaryOf)];
        try
        {
            files.Write(temporary[0], JsonSerializer.SerializeToUtf8Bytes(model.Card, Indented.ModelCard));
            files.Write(temporary[1], model.Artifact);
            for (int i = 0; i < targets.Length; i++)
            {
                files.Rename(temporary[i], targets[i]);
            }
        }
        finally
        {
            Array.ForEach(temporary, File.Delete);
        }
    }

    /// <exception cref="CommandException">There is no such file, or it is no card of a model.</exception>
    public static async Task<ModelCard> ReadCardAsync(string path, CancellationToken cancellationToken)
    {
        string text = await ReadTextAsync(path, cancellationToken);
        try
        {
            return StoredModelJson.ReadCard(text);
        }
        catch (JsonException e)
        {
            throw new CommandException(DisplayText.Format($"{path}: is no model card: {JsonErrorText.Describe(e)}"));
        }
    }

    /// <summary>The spec of a card, as a person would write it.</summary>
    /// <exception cref="CommandException">There is no such file, it is no card of a model, or its
    /// spec has what this version does not know.</exception>
    public static async Task<(ModelSpec Spec, byte[] Text)> ReadSpecAsync(string path, CancellationToken cancellationToken)
    {
        string text = await ReadTextAsync(path, cancellationToken);
        try
        {
            using JsonDocument card = JsonDocument.Parse(text);
            byte[] spec = Encoding.UTF8.GetBytes(card.RootElement.GetProperty("spec").GetRawText());
            return (ModelSpecParser.Parse(spec), spec);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ModelSpecException)
        {
            throw new CommandException(DisplayText.Format($"{path}: is no model card with a spec that this version knows: {e.Message}"));
        }
    }

    private static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length > MaxCardBytes)
        {
            throw new CommandException(DisplayText.Format(
                $"{path}: {(file.Exists ? $"{file.Length} bytes, at most {MaxCardBytes}" : "there is no such file")}; expected a model card"));
        }

        return await File.ReadAllTextAsync(path, cancellationToken);
    }

    // A link leads to the file that would be replaced.
    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);
        }
    }

    private static string TemporaryOf(string path) => $"{path}.{Guid.NewGuid():N}.tmp";
}
