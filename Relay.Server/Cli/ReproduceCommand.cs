using System.CommandLine;
using System.Security.Cryptography;
using Relay.AdminClient;
using Relay.Server.Cli.Local;
using Relay.Server.Cli.Versions;
using Relay.Server.Http.Access;
using Relay.Training;
using Relay.Training.Reproducing;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli;

/// <summary><c>relay reproduce</c>: trains a version again from its card and its data, and compares the bytes.</summary>
internal static class ReproduceCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string?> model = new("model")
        {
            Description = "The name of a model of the relay, or NAME@VERSION, or NAME@ALIAS; without --card.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Argument<int?> version = new("version")
        {
            Description = "The number of the version, after the name of a model.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> card = new("--card")
        {
            Description = "The card of a version, instead of asking a relay. A model beside it (model.onnx for model.card.json) is compared with.",
            HelpName = "file",
        };
        Option<string?> train = new("--train") { Description = "The training file that the card names. Not for simulated rows.", HelpName = "file" };
        Option<string?> test = new("--test") { Description = "The held-out file, where the version had one of its own.", HelpName = "file" };
        Option<string?> output =
            new("--output") { Description = "Writes the model that was trained again to this file, with its card.", HelpName = "file" };
        Command command = new("reproduce", "Trains a version again from its card and its data, and compares the bytes.")
        {
            model, version, card, train, test, output,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool isOffline = parsed.GetValue(card) is not null;
            if (isOffline)
            {
                GivenOptions.Refuse(parsed, connection.WithProfile(parsed), "is for asking a relay, and --card names a file: leave out one of them");
            }

            (string? name, int? number) = (parsed.GetValue(model), parsed.GetValue(version));
            if (isOffline ? name is not null : name is null || (number is null && !VersionArgument.NamesVersion(name)))
            {
                throw new CommandException("name a model and its version, or a card by --card");
            }

            (ModelCard subject, byte[]? original) = isOffline
                ? await ReadAsync(parsed.GetValue(card)!, cancellationToken)
                : await FetchAsync(connection, parsed, name!, number, cancellationToken);
            (string? trainFile, string? testFile) = (parsed.GetValue(train), parsed.GetValue(test));
            using RunRows? rows = !isOffline && trainFile is null && subject.Dataset is not null
                ? await RunRows.DownloadAsync(connection, parsed, subject, testFile, cancellationToken)
                : null;
            (trainFile, testFile) = rows is null ? (trainFile, testFile) : (rows.Train, rows.Test);
            string[] inputs = [.. ((string?[])[parsed.GetValue(card), trainFile, testFile]).OfType<string>()];
            ModelFiles? target = parsed.GetValue(output) is { } file ? new ModelFiles(file) : null;
            target?.RequireWritable([.. inputs, .. parsed.GetValue(card) is { } path ? [ModelFiles.ModelOf(path)] : Array.Empty<string>()]);
            TextWriter text = parsed.InvocationConfiguration.Output;
            Reproduction again = Reproduction.Prepare(subject, trainFile, testFile, cancellationToken);
            TrainedModel made = await PipelineRun.RunAsync(again.Job, text, cancellationToken);
            target?.Write(made);
            foreach (string line in Describe(subject, original, made))
            {
                await text.WriteLineAsync(line);
            }

            return made.Card.Sha256 == subject.Sha256 ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static IEnumerable<string> Describe(ModelCard card, byte[]? original, TrainedModel made)
    {
        if (made.Card.Sha256 == card.Sha256)
        {
            IReadOnlyList<string> others = Reproduction.FindOtherFigures(card, made.Card);
            yield return DisplayText.Format($"EQUAL: {card.Name} version {card.Version} is reproduced, byte for byte: sha256 {card.Sha256}");
            yield return others.Count == 0
                ? "The figures of its gates are those of the card; latency and gates against an incumbent were not compared."
                : DisplayText.Format($"Figures of gates that differ from the card: {string.Join("; ", others)}");
            yield break;
        }

        yield return DisplayText.Format(
            $"DIFFERENT: the card of {card.Name} version {card.Version} has sha256 {card.Sha256}, trained again it is {made.Card.Sha256}");
        yield return original is null
            ? "The model itself is not at hand, so that the first difference cannot be named: give it beside the card, or publish the version."
            : DisplayText.Format($"First difference: {ArtifactDifference.Find(original, made.Artifact)}");
        if (card.Training!.Platform != TrainingRecorder.Platform)
        {
            yield return DisplayText.Format(
                $"It was trained on {card.Training.Platform}, and this is {TrainingRecorder.Platform}: golden vectors " +
                    $"may differ in their last bits.");
        }
    }

    private static async Task<(ModelCard Card, byte[]? Original)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ModelCard card = await ModelFiles.ReadCardAsync(path, cancellationToken);
        string model = ModelFiles.ModelOf(path);
        if (!File.Exists(model))
        {
            return (card, null);
        }

        (byte[] artifact, _) = await IncumbentFile.ReadArtifactAsync(model, cancellationToken);
        return Digest(artifact) == card.Sha256
            ? (card, artifact)
            : throw new CommandException(
                DisplayText.Format($"{path} is the card of another file than {model}: the model was changed, or one of both was moved"));
    }

    private static async Task<(ModelCard Card, byte[]? Original)> FetchAsync(
        RelayConnection connection, ParseResult parsed, string model, int? number, CancellationToken cancellationToken)
    {
        using RelayApi relay = connection.Open(parsed);
        ModelVersion version = number is { } given
            ? new(model, given)
            : await VersionArgument.ResolveAsync(relay, model, parsed.InvocationConfiguration.Error, cancellationToken);
        ModelCard card = (await relay.Client.Versions.FindAsync(version.Name, version.Version, cancellationToken)).Card;
        try
        {
            byte[]? original = null;
            await relay.DownloadAsync(
                $"{Routes.Targets}/{TargetPath.Parse(TargetPaths.Model(card.Name, card.Version)).WithHash(card.Sha256)}",
                async body => original = await ReadBoundedAsync(body, card.SizeBytes, cancellationToken), cancellationToken);
            return (card, original is not null && Digest(original) == card.Sha256 ? original : null);
        }
        catch (RelayException)
        {
            // Only published versions are in the repository, and the digest of the card is enough to compare.
            return (card, null);
        }
    }

    private static async Task<byte[]?> ReadBoundedAsync(Stream body, long length, CancellationToken cancellationToken)
    {
        if (length is < 1 or > ArtifactInspector.MaxBytes)
        {
            return null;
        }

        byte[] bytes = new byte[length + 1];
        int read = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read == length ? bytes[..read] : null;
    }

    private static string Digest(byte[] artifact) => Convert.ToHexStringLower(SHA256.HashData(artifact));
}
