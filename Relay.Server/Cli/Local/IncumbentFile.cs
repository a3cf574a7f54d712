using System.Security.Cryptography;
using Relay.Training;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Server.Cli.Local;

/// <summary>A model file to compare a new model with.</summary>
internal static class IncumbentFile
{
    /// <exception cref="CommandException">There is no such file, it is no model of a relay, or the card beside it is another model's.</exception>
    public static async Task<IncumbentModel> ReadAsync(string path, CancellationToken cancellationToken)
    {
        (byte[] artifact, ArtifactDescription description) = await ReadArtifactAsync(path, cancellationToken);
        ModelFiles files = new(path);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(artifact));
        if (!File.Exists(files.Card))
        {
            return new IncumbentModel(artifact, Describe(path, description, sha256, artifact.Length));
        }

        ModelCard card = await ModelFiles.ReadCardAsync(files.Card, cancellationToken);
        return card.Sha256 == sha256
            ? new IncumbentModel(artifact, card)
            : throw new CommandException(
                DisplayText.Format($"{files.Card} is the card of another file than {path}: remove it, or restore the one of this model"));
    }

    /// <summary>Reads a model file that a relay, or a run without one, has made.</summary>
    /// <exception cref="CommandException">There is no such file, or it is no model of a relay.</exception>
    public static async Task<(byte[] Artifact, ArtifactDescription Description)> ReadArtifactAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length > ArtifactInspector.MaxBytes)
        {
            throw new CommandException(DisplayText.Format(
                $"{path}: {(file.Exists ? $"{file.Length} bytes, at most {ArtifactInspector.MaxBytes}" : "there is no such file")}"));
        }

        byte[] artifact = await File.ReadAllBytesAsync(path, cancellationToken);
        Result<ArtifactDescription> verdict = ArtifactInspector.Inspect(artifact, Path.GetFileName(path));
        return verdict.IsAccepted
            ? (artifact, verdict.Value)
            : throw new CommandException(
                DisplayText.Format($"{path}: is no model that a relay made, {verdict.Refusal.Reason}: {verdict.Refusal.Detail}"));
    }

    // What a file says of itself is enough for every gate but the figure of contradictory labels.
    private static ModelCard Describe(string path, ArtifactDescription description, string sha256, long size)
    {
        DataSummary unknown = new(Path.GetFileName(path), description.DataDigest ?? "", 0, new Dictionary<string, long>());
        return new ModelCard
        {
            Name = description.Name,
            Version = description.Version,
            Sha256 = sha256,
            SizeBytes = size,
            Spec = new ModelSpec
            {
                Name = description.Name,
                Task = description.Schema.Task,
                Algorithm = ModelAlgorithm.Imported,
                Columns = description.Schema.Inputs,
            },
            Schema = description.Schema,
            SchemaHash = description.SchemaHash,
            Train = unknown,
            Test = unknown,
            Metrics = description.Metrics
                ?? throw new CommandException(DisplayText.Format($"{path}: the file has no figures; give the card beside it")),
            Parity = new ParityReport(0, 0, 0),
            TreeCount = 0,
            NodeCount = 0,
        };
    }
}
