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
        ModelSchema schema = model.Active.Schema;
        using InputRows rows = InputRows.Open(file, schema);
        using AnswerFile answers = AnswerFile.Create(output, FilePrediction.ColumnsOf(schema), OriginOf(node, model));
        long count = new FilePrediction(model, rows, answers, Progress.OfThisProcess()).Run(cancellationToken);
        answers.Complete();
        string ignored = rows.Ignored.Count == 0 ? "" : $"; ignored columns: {string.Join(", ", rows.Ignored)}";
        Console.Error.WriteLine(DisplayText.Format(
            $"{count} rows answered by {model.Name} version {model.Active.Version} of release {node.Status.Release}{ignored}"));
    });

    /// <summary>Writes for each row its label, baseline, score, and what each input added.</summary>
    public static int Explain(SyncClient node, string file, string? output, CancellationToken cancellationToken) => Run(node, model =>
    {
        ModelSchema schema = model.Active.Schema;
        using InputRows rows = InputRows.Open(file, schema);
        AnswerColumn[] columns =
        [
            new("label", AnswerType.Text), new("baseline", AnswerType.Double), new("score", AnswerType.Double),
            .. schema.Inputs.Select(input => new AnswerColumn(input.Name, AnswerType.Double)),
        ];
        using AnswerFile answers = AnswerFile.Create(output, columns, OriginOf(node, model));
        Progress progress = Progress.OfThisProcess();
        (List<float> numbers, List<string> categories) = ([], []);
        for (long done = 1; rows.ReadRows(1, numbers, categories) == 1; done++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Explanation explanation = model.Explain(numbers.ToArray(), categories.ToArray());
            answers.Write(explanation.Label ?? "");
            answers.Write(explanation.Baseline);
            answers.Write(explanation.Score);
            explanation.Contributions.ToList().ForEach(one => answers.Write(one.Contribution));
            answers.EndRow();
            progress.Report(done);
        }

        answers.Complete();
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

    private static Dictionary<string, string> OriginOf(SyncClient node, IRelayModel model) => new(StringComparer.Ordinal)
    {
        ["relay.model"] = model.Name,
        ["relay.version"] = model.Active.Version.ToString(CultureInfo.InvariantCulture),
        ["relay.sha256"] = model.Active.Sha256,
        ["relay.release"] = node.Status.Release.ToString(CultureInfo.InvariantCulture),
    };

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
