using System.CommandLine;
using System.Security.Cryptography;
using Relay.Server.Cli.Local;
using Relay.Server.Http.Access;
using Relay.Training.Importing;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary><c>relay import</c>: sends a model of another framework to a running relay and follows the run that proves it.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> file =
            new("file") { Description = "The model: ONNX, XGBoost's model.json, LightGBM's model.txt, or what 'relay train --output' wrote." };
        Option<string?> model = new("--model", "--spec")
        {
            Description = "A spec file, which replaces the spec of its model, or the name of a model: its columns, classes and the form of the data. "
                + "Default: the spec of the card beside the file.",
            HelpName = "spec",
        };
        Option<string> test = new("--test")
        {
            Description = "The file with held-out rows and labels in the relay's datasets folder.",
            HelpName = "file",
            Required = true,
        };
        Option<string?> output = new("--output")
        {
            Description = "The output of the ONNX graph that holds the answer, where there are several.",
            HelpName = "name",
        };
        Option<string?> signature =
            new("--signature") { Description = "The giver's OpenSSF model signature of the file (model.sig).", HelpName = "file" };
        Option<string?> giver = new("--giver-certificate")
        {
            Description = "What the signature is verified by: the giver's certificate, its authority's, or a public key, in PEM.",
            HelpName = "file",
        };
        AcceptOptions accept = new("Lets the version ship although this gate fails; once for each gate, with a --reason.");
        Option<bool> detach = new("--detach") { Description = "Starts the run and does not wait for its end." };

        Command command = new("import", "Imports a model that another framework made, after proving that it answers the same.")
        {
            file, model, test, output, signature, giver, detach,
        };
        accept.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<GateAcceptance> accepted = accept.Read(parsed) ?? [];
            string path = parsed.GetValue(file)!;
            byte[] content = await ReadAsync(path, ImportBounds.MaxBytes, cancellationToken);
            string? bundle = await ReadHeaderAsync(parsed.GetValue(signature), cancellationToken);
            string? certificate = await ReadHeaderAsync(parsed.GetValue(giver), cancellationToken);
            if ((bundle is null) != (certificate is null))
            {
                throw new CommandException("--signature and --giver-certificate go together: give both or none");
            }

            (string Name, byte[] Spec)? card = parsed.GetValue(model) is null ? await ReadCardAsync(path, content, cancellationToken) : null;
            using RelayApi relay = connection.Open(parsed);
            string name = card?.Name ?? await TrainCommand.ResolveNameAsync(relay, parsed.GetValue(model)!, cancellationToken);
            if (card is { } given)
            {
                await relay.PutSpecAsync(given.Name, given.Spec, cancellationToken);
            }

            string query = $"?file={Uri.EscapeDataString(Path.GetFileName(path))}&test={Uri.EscapeDataString(parsed.GetValue(test)!)}"
                + (parsed.GetValue(output) is { } named ? $"&output={Uri.EscapeDataString(named)}" : "")
                + string.Concat(accepted.Select(a => $"&accept={Uri.EscapeDataString(a.Gate)}&reason={Uri.EscapeDataString(a.Reason)}"));
            TrainingRun run = await TrainCommand.StartAsync(
                token => relay.PostFileAsync(
                    Routes.ImportOf(name) + query, content,
                    [(Routes.ModelSignatureHeader, bundle), (Routes.GiverHeader, certificate)], RelayApiJson.Default.TrainingRun, token),
                cancellationToken);
            TextWriter text = parsed.InvocationConfiguration.Output;
            await text.WriteLineAsync(DisplayText.Format($"Training run {run.Id} imports {Path.GetFileName(path)} as {name}"));
            return parsed.GetValue(detach) ? 0 : await TrainCommand.FollowAsync(relay, run, text, cancellationToken);
        });
        return command;
    }

    // The card says what the model is of: nothing has to be typed again.
    private static async Task<(string Name, byte[] Spec)> ReadCardAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        string card = new ModelFiles(path).Card;
        if (!File.Exists(card))
        {
            throw new CommandException(
                DisplayText.Format($"set --model: there is no card {Path.GetFileName(card)} beside the file, which would have its spec"));
        }

        (ModelSpec spec, byte[] text) = await ModelFiles.ReadSpecAsync(card, cancellationToken);
        ModelCard read = await ModelFiles.ReadCardAsync(card, cancellationToken);
        return read.Sha256 == Convert.ToHexStringLower(SHA256.HashData(content))
            ? (spec.Name, text)
            : throw new CommandException(
                DisplayText.Format($"{card} is the card of another file than {path}: set --model, or restore the card of this model"));
    }

    private static async Task<string?> ReadHeaderAsync(string? path, CancellationToken cancellationToken)
    {
        // Both headers have to fit in what a server takes.
        const int MaxBytes = 10 * 1024;
        return path is null ? null : Convert.ToBase64String(await ReadAsync(path, MaxBytes, cancellationToken));
    }

    private static async Task<byte[]> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        return !file.Exists ? throw new CommandException(DisplayText.Format($"{path}: there is no such file"))
            : file.Length > maxBytes ? throw new CommandException(DisplayText.Format($"{path}: {file.Length} bytes, at most {maxBytes}"))
            : await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
