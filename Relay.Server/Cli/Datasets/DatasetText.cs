using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Cli.Datasets;

/// <summary>What people read of a dataset.</summary>
internal static class DatasetText
{
    /// <summary>One line.</summary>
    public static string Summarize(DatasetView dataset) => DisplayText.Format(
        $"{dataset.Name}: {dataset.Rows} samples, {dataset.Labels} labels, {dataset.Conflicts} that contradict, position {dataset.Position}"
        + $"{(dataset.Problem is { } problem ? $"; {problem}" : "")}");

    /// <summary>All that the relay tells of a dataset.</summary>
    public static IEnumerable<string> Describe(DatasetView dataset)
    {
        yield return Summarize(dataset);
        foreach (DatasetColumn column in dataset.Spec.Columns)
        {
            string addresses = column.Addresses is { } handling ? $", addresses: {handling.ToString().ToLowerInvariant()}" : "";
            yield return DisplayText.Format(
                $"  {column.Name}: {column.Type.ToString().ToLowerInvariant()}{(column.Required ? ", required" : "")}{addresses}"
                + $"{(column.Nodes ? ", nodes may send it" : "")}");
        }

        DatasetLimits limits = dataset.Spec.Limits;
        yield return DisplayText.Format(
            $"  limits: {limits.RowsPerNodeAndDay} rows a day and {limits.NodeShare} of all for each node, {limits.MaxRows} samples, "
            + $"{limits.RetentionDays} days");
        foreach (string line in DescribeLabels(dataset).Concat(DescribeUploads(dataset)))
        {
            yield return line;
        }

        foreach (DatasetSource source in dataset.Sources)
        {
            yield return DisplayText.Format($"  {source.Name}: {source.Rows} samples, {source.Labels} labels");
        }
    }

    private static IEnumerable<string> DescribeLabels(DatasetView dataset)
    {
        if (dataset.Balance is not { } balance)
        {
            yield break;
        }

        long all = balance.Sum(label => label.Samples);
        yield return balance.Count == 0 ? "  no sample has a label" : "  samples by label:";
        foreach (LabelCount label in balance)
        {
            yield return DisplayText.Format($"    {label.Label}: {label.Samples}, {100.0 * label.Samples / all:0.0} %");
        }
    }

    private static IEnumerable<string> DescribeUploads(DatasetView dataset)
    {
        if (dataset.Uploads is not { } uploads)
        {
            yield break;
        }

        yield return DisplayText.Format(
            $"  uploads since {uploads.Since:u}: {uploads.Accepted} rows and labels accepted, {uploads.Duplicates} sent again, ")
            + DisplayText.Format($"{uploads.Refused} refused");
        foreach (RefusalCount refusal in uploads.Refusals)
        {
            yield return DisplayText.Format($"    refused, {refusal.Reason}: {refusal.Rows}");
        }
    }
}
