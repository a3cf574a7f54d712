using System.CommandLine;
using Sync.Client;
using Sync.Node.Doctor;
using Sync.Node.Files;

namespace Sync.Node;

/// <summary>The commands that use the active release of the store, and change nothing.</summary>
internal static class LocalCommands
{
    public static void AddTo(RootCommand root, NodeOptions options)
    {
        Option<string?> output = new("--output")
        {
            HelpName = "file",
            Description =
                "The file to write, once all rows are answered: Parquet if it ends in .parquet, else CSV; without it, CSV on standard output.",
        };
        Argument<string> rows = new("FILE") { Description = "A Parquet file, or a CSV file whose first line names the columns." };
        Command predict = new("predict", "Answers each row of a file with the active release of the store.") { rows, output };
        predict.SetAction((parsed, stop) => NodeCommands.WithNodeAsync(
            options.Read(parsed), StoreUse.Read,
            node => Task.FromResult(FileCommands.Predict(node, parsed.GetValue(rows)!, parsed.GetValue(output), stop)), stop));

        Argument<string?> explained = new("FILE")
        {
            Description = "A Parquet file, or a CSV file whose first line names the columns; without it, --row.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> row = new("--row") { HelpName = "json", Description = "One row as a JSON object of all columns." };
        Command explain = new("explain", "Says what each input of a row added to its answer.") { explained, row, output };
        explain.Validators.Add(result =>
        {
            if (result.GetValue(explained) is null == result.GetValue(row) is null)
            {
                result.AddError("Give FILE or --row.");
            }
        });
        explain.SetAction((parsed, stop) => NodeCommands.WithNodeAsync(
            Explaining(options.Read(parsed)), StoreUse.Read,
            node => Task.FromResult(parsed.GetValue(row) is { } json
                ? FileCommands.ExplainRow(node, json)
                : FileCommands.Explain(node, parsed.GetValue(explained)!, parsed.GetValue(output), stop)),
            stop));

        Command doctor = new("doctor", "Checks root, store, disk, relay and clock, and says what to do; exit code 1 where something fails.");
        doctor.SetAction((parsed, stop) =>
        {
            RelaySyncOptions read = options.Read(parsed);
            return NodeCommands.WithNodeAsync(read, StoreUse.Check, node => DoctorCommand.RunAsync(node, read, stop), stop);
        });
        root.Subcommands.Add(predict);
        root.Subcommands.Add(explain);
        root.Subcommands.Add(doctor);
    }

    private static RelaySyncOptions Explaining(RelaySyncOptions options)
    {
        options.Explanations = true;
        return options;
    }
}
