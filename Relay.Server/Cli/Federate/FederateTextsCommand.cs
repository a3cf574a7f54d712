using System.CommandLine;
using Relay.Training.Federated;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate texts</c>: lists the texts that an owner's rows have.</summary>
internal static class FederateTextsCommand
{
    public static Command Create()
    {
        Argument<string> spec = new("spec") { Description = "The spec file." };
        Option<string> train = new("--train") { Description = "The owner's training file.", HelpName = "file", Required = true };
        Option<string> output = new("--output") { Description = "The file that receives the texts.", HelpName = "file", Required = true };
        Command command = new(
            "texts",
            "Writes the texts of labels and categories in a file. An owner reads the list before sending it to the party that plans the round.")
        {
            spec, train, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (ModelSpec parsedSpec, _) = await SpecFile.ReadAsync(parsed.GetValue(spec)!, cancellationToken);
            RowTexts texts = RowTexts.Read(parsedSpec, parsed.GetValue(train)!, cancellationToken);
            TextsFile file = TextsFile.Merge([new TextsFile(texts.Labels, texts.Categories)]);
            new DurableFiles().Replace(Path.GetFullPath(parsed.GetValue(output)!), file.Write());
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format(
                $"Wrote {parsed.GetValue(output)}: {file.Labels.Count} labels, {file.Categories.Sum(c => c.Value.Count)} texts of categories."));
            await parsed.InvocationConfiguration.Output.WriteLineAsync("Read it before you send it to the party that plans the round.");
            return 0;
        });
        return command;
    }
}
