using System.CommandLine;
using System.Text;
using Relay.Server.Cli.Local;
using Relay.Training;
using Relay.Training.Specs.Drafting;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay spec</c>: drafts a spec from a data file, and checks a spec with its data. Neither needs a relay.</summary>
internal static class SpecCommand
{
    public static Command Create() => new("spec", "Drafts a spec from a data file, and checks a spec and its data before a training run.")
    {
        CreateDraft(),
        CreateCheck(),
    };

    private static Command CreateDraft()
    {
        Argument<string> data = new("file") { Description = "A CSV file with a header line, a Parquet file or an Arrow file." };
        Option<string?> label =
            new("--label") { Description = "The column to learn. Default: the one of a usual name, else the last one.", HelpName = "column" };
        Option<string?> name = new("--name") { Description = "The name of the model. Default: that of the file.", HelpName = "name" };
        Option<string?> output =
            new("--output") { Description = "The spec file to write; a file that exists stays. Default: the spec is printed.", HelpName = "file" };
        Command command = new("draft", "Guesses a spec from a data file, and says what a person should look at.") { data, label, name, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            SpecDraft draft = Draft(parsed.GetValue(data)!, parsed.GetValue(label), cancellationToken);
            ModelSpec spec = parsed.GetValue(name) is { } given ? Rename(draft.Spec, given) : draft.Spec;
            (TextWriter console, TextWriter error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            string? path = parsed.GetValue(output);
            IEnumerable<string> notes =
            [
                DisplayText.Format($"{draft.Rows} rows, {spec.Columns.Count} columns"),
                .. draft.Notes.Select(note => DisplayText.Format($"  {note}")),
            ];
            await WriteAsync(path is null ? error : console, notes);
            string text = SpecText.Write(spec);
            if (path is null)
            {
                await WriteAsync(console, text.TrimEnd('\n').Split('\n').Select(line => DisplayText.Escape(line)));
                return 0;
            }

            Save(path, text);
            await console.WriteLineAsync(
                DisplayText.Format($"Wrote {path}. Look at it, then: relay spec check {path} --train {parsed.GetValue(data)!}"));
            return 0;
        });
        return command;
    }

    private static Command CreateCheck()
    {
        Argument<string> spec = new("spec") { Description = "A spec file." };
        Option<string> train = new("--train") { Description = "The training file.", HelpName = "file", Required = true };
        Option<string?> test =
            new("--test") { Description = "The file with the held-out rows. Default: the last part of the training file.", HelpName = "file" };
        Command command = new("check", "Reads a spec and its data as a training run does, with all gates on data, and trains nothing.")
        {
            spec, train, test,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TextWriter console = parsed.InvocationConfiguration.Output;
            (ModelSpec read, _) = await SpecFile.ReadAsync(parsed.GetValue(spec)!, cancellationToken);
            try
            {
                DataCheck check = await PipelineRun.CheckAsync(
                    new TrainingJob(read, 1, new DataOrigin.Files(parsed.GetValue(train)!, parsed.GetValue(test))), console, cancellationToken);
                await WriteAsync(console, [.. Describe(check), .. GateText.Describe(check.Gates), "A training run takes this spec and these rows."]);
                return 0;
            }
            catch (TrainingException e)
            {
                await WriteAsync(console, GateText.Describe(e.Gates ?? []));
                throw new CommandException(DisplayText.Format($"a training run would refuse this, {e.Fault}: {e.Message}"));
            }
        });
        return command;
    }

    private static SpecDraft Draft(string path, string? label, CancellationToken cancellationToken)
    {
        try
        {
            return SpecDrafter.Draft(path, label, cancellationToken);
        }
        catch (TrainingException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static ModelSpec Rename(ModelSpec spec, string name)
    {
        ModelSpec renamed = spec with { Name = name };
        return ModelSpecRules.FirstProblem(renamed) is { } problem
            ? throw new CommandException(DisplayText.Format($"--name {name}: {problem.Found}, expected {problem.Expected}"))
            : renamed;
    }

    private static IEnumerable<string> Describe(DataCheck check)
    {
        foreach (string warning in check.Train.Warnings ?? [])
        {
            yield return DisplayText.Format($"warning: {warning}");
        }

        yield return DisplayText.Format($"{check.Train.Rows} training rows and {check.HeldOut.Rows} held-out rows");
        foreach (string label in check.Classes)
        {
            long train = check.Train.ClassRows.GetValueOrDefault(label);
            long heldOut = check.HeldOut.ClassRows.GetValueOrDefault(label);
            yield return DisplayText.Format($"  {label}: {train} training rows, {heldOut} held out");
        }
    }

    private static void Save(string path, string text)
    {
        try
        {
            if (!new DurableFiles().TryCreate(Path.GetFullPath(path), Encoding.UTF8.GetBytes(text)))
            {
                throw new CommandException(DisplayText.Format($"--output {path}: the file exists; name another, or delete it"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(DisplayText.Format($"--output {path}: {e.Message}"));
        }
    }

    private static async Task WriteAsync(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            await output.WriteLineAsync(line);
        }
    }
}
