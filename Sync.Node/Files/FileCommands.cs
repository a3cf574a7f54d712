using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Models;
using Sync.Client;

namespace Sync.Node.Files;

/// <summary>Answers and explanations of files, by the active release of the store and without any request.</summary>
internal static class FileCommands
{
    /// <param name="output">Null for standard output.</param>
    public static int Predict(SyncClient node, string file, string? output, CancellationToken cancellationToken) => Run(node, model =>
    {
        using CsvRows rows = CsvRows.Open(file, model.Active.Schema);
        using CsvOutput csv = new(output);
        long count = new FilePrediction(model, rows, csv, Progress.OfThisProcess()).Run(cancellationToken);
        csv.Complete();
        string ignored = rows.Ignored.Count == 0 ? "" : $"; ignored columns: {string.Join(", ", rows.Ignored)}";
        Console.Error.WriteLine(DisplayText.Format(
            $"{count} rows answered by {model.Name} version {model.Active.Version} of release {node.Status.Release}{ignored}"));
    });

    /// <summary>Writes for each row its label, baseline, score, and what each input added.</summary>
    public static int Explain(SyncClient node, string file, string? output, CancellationToken cancellationToken) => Run(node, model =>
    {
        ModelSchema schema = model.Active.Schema;
        using CsvRows rows = CsvRows.Open(file, schema);
        using CsvOutput csv = new(output);
        Progress progress = Progress.OfThisProcess();
        foreach (string name in schema.Inputs.Select(input => input.Name).Prepend("score").Prepend("baseline").Prepend("label"))
        {
            csv.Write(name);
        }

        csv.EndRow();
        (List<float> numbers, List<string> categories) = ([], []);
        for (long done = 1; rows.ReadRows(1, numbers, categories) == 1; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Explanation explanation = model.Explain(numbers.ToArray(), categories.ToArray());
            csv.Write(explanation.Label ?? "");
            csv.Write(explanation.Baseline);
            csv.Write(explanation.Score);
            explanation.Contributions.ToList().ForEach(one => csv.Write(one.Contribution));
            csv.EndRow();
            progress.Report(done);
        }

        csv.Complete();
    });

    /// <summary>Prints what each input of one row added, the largest first.</summary>
    public static int ExplainRow(SyncClient node, string json) => Run(node, model =>
    {
        (float[] numbers, string[] categories) = JsonRow.Read(json, model.Active.Schema);
        Explanation explanation = model.Explain(numbers, categories);
        Console.WriteLine(DisplayText.Format($"{model.Name} version {explanation.Version}: {explanation.Label ?? "value"}"));
        Console.WriteLine(DisplayText.Format($"{Column(explanation.Baseline)}  baseline"));
        foreach (InputContribution one in explanation.Contributions.OrderByDescending(one => Math.Abs(one.Contribution)))
        {
            Console.WriteLine(DisplayText.Format($"{Column(one.Contribution)}  {one.Input}"));
        }

        Console.WriteLine(DisplayText.Format($"{Column(explanation.Score)}  score"));
    });

    private static string Column(double number) => number.ToString("F6", CultureInfo.InvariantCulture).PadLeft(14);

    private static int Run(SyncClient node, Action<IRelayModel> act)
    {
        if (node.Models.Count != 1)
        {
            Console.Error.WriteLine("relay-node: name one model, by --model.");
            return 1;
        }

        try
        {
            act(node.Models.Single());
            return 0;
        }
        catch (RelayModelException refused) when (refused.Fault is RelayModelFault.NotReady)
        {
            Console.Error.WriteLine(DisplayText.Format(
                $"relay-node: the store has no release with {node.Models.Single().Name}: run 'relay-node refresh'; 'relay-node status' says more"));
        }
        catch (Exception refused) when (refused is RelayModelException or FileException)
        {
            Console.Error.WriteLine(DisplayText.Format($"relay-node: {refused.Message}"));
        }

        return 1;
    }
}
