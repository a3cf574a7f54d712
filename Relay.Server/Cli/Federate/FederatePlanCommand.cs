using System.CommandLine;
using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Federated;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate plan</c>: writes a round document.</summary>
internal static class FederatePlanCommand
{
    public static Command Create()
    {
        Argument<string> spec = new("spec") { Description = "The spec file." };
        OwnerOption owners = new();
        Option<string> test = new("--test")
        {
            Description = "The held-out file, of which each owner needs a copy. Some of its rows stand in the model file.",
            HelpName = "file",
            Required = true,
        };
        Option<string[]> texts = new("--texts")
        {
            Description = "A file of 'relay federate texts'; once for each owner. Texts of the held-out file are taken as well.",
            HelpName = "file",
            DefaultValueFactory = _ => [],
        };
        Option<int> version = NumberOption.Create(
            "--model-version", "The number of the version, which stands in the model file.", 1, 1, int.MaxValue);
        Option<int> rows = NumberOption.Create(
            "--minimum-rows", "The training rows that each owner has at least.", 100, RoundDocument.MinMinimumRows, int.MaxValue);
        Option<int> join = NumberOption.Create(
            "--join-seconds", "How long owners wait for each other at the start.", 600, 1, RoundDocument.MaxWaitSeconds, "seconds");
        Option<int> step = NumberOption.Create(
            "--step-seconds", "How long owners wait for each other at a step.", 300, 1, RoundDocument.MaxWaitSeconds, "seconds");
        Option<string> output = new("--output") { Description = "The file that receives the round document.", HelpName = "file", Required = true };
        AcceptOptions accept = new("Lets the model be written although this gate fails; once for each gate, with a --reason.");
        Command command = new("plan", "Writes the round document, which all owners and the coordinator have a copy of.")
        {
            spec, owners.Option, test, texts, version, rows, join, step, output,
        };
        accept.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (ModelSpec parsedSpec, byte[] text) = await SpecFile.ReadAsync(parsed.GetValue(spec)!, cancellationToken);
            RowTexts heldOut = RowTexts.Read(parsedSpec, parsed.GetValue(test)!, cancellationToken);
            TextsFile all = TextsFile.Merge([new(heldOut.Labels, heldOut.Categories), .. parsed.GetValue(texts)!.Select(TextsFile.Read)]);
            RoundPlan plan = new(
                text, DataDigest.Compute(parsed.GetValue(test)!, cancellationToken), owners.Read(parsed),
                new ShardAgreement(all.Labels, all.Categories, parsed.GetValue(rows)))
            {
                Version = parsed.GetValue(version),
                Accepted = (accept.Read(parsed) ?? []).ToDictionary(a => a.Gate, a => a.Reason, StringComparer.Ordinal),
                JoinTime = TimeSpan.FromSeconds(parsed.GetValue(join)),
                StepTime = TimeSpan.FromSeconds(parsed.GetValue(step)),
            };
            byte[] file = plan.Write();
            new DurableFiles().Replace(Path.GetFullPath(parsed.GetValue(output)!), file);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format(
                $"Wrote {parsed.GetValue(output)}, a round of {plan.Owners.Count} owners: sha256 {RoundDocument.Parse(file).DigestText}"));
            return 0;
        });
        return command;
    }
}
