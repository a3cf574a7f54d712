using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of datasets and of what is sent to them.</summary>
internal static class DatasetProblems
{
    private const int ShownLength = 100;

    public static ProblemHttpResult Unknown(string name) => RelayProblems.Problem(
        404, "unknown-dataset", $"There is no dataset '{name}': list them by GET {Routes.Datasets}, create one by POST {Routes.Datasets}.");

    public static ProblemHttpResult Exists(string name) => RelayProblems.Problem(
        409, "dataset-exists", $"There is a dataset '{name}': change its limits and what nodes may send by PUT {Routes.DatasetOf(name)}.");

    public static ProblemHttpResult NameMismatch(string spec, string path) => RelayProblems.Invalid(
        "invalid-dataset", "Nothing was changed; 'errors' lists what was expected.",
        new() { ["$.name"] = $"Found '{spec}'; expected '{path}', as in the path." });

    public static ProblemHttpResult ColumnsChanged(string difference) => RelayProblems.Problem(
        409, "dataset-columns", $"Nothing was changed: {difference}. Create another dataset for other columns or labels.");

    public static ProblemHttpResult Invalid(SpecProblem problem) => RelayProblems.Invalid(
        "invalid-dataset", "Nothing was changed; 'errors' lists what was expected.",
        new() { [problem.Path] = $"Found {problem.Found}; expected {problem.Expected}." });

    public static ProblemHttpResult WithoutLabels(string name) => RelayProblems.Problem(
        409, "dataset-without-labels", $"The dataset '{name}' has no column of type label: it takes samples only.");

    public static ProblemHttpResult InvalidForget(string path, string expected) => RelayProblems.Invalid(
        "invalid-forget", "Nothing was deleted; 'errors' lists what was expected.", new() { [path] = $"Expected {expected}." });

    public static ProblemHttpResult UnknownSource(string dataset, string source) => RelayProblems.Problem(
        404, "unknown-source",
        $"Nothing was deleted: the dataset '{dataset}' has nothing of a source '{DisplayText.Escape(source, ShownLength)}'. "
        + $"GET {Routes.DatasetOf(dataset)} lists sources by name, such as node:web-1; an API key that replaced another has the name of the first.");

    public static ProblemHttpResult UnknownFormat(string formats) => RelayProblems.MalformedRequest($"Expected a 'format' of {formats}.");

    public static ProblemHttpResult NoRowsOfRun(long run) => RelayProblems.Problem(
        404, "no-rows", $"The run {run} took no such rows of a dataset: ask for train or test of a run that trained from one.");

    public static ProblemHttpResult RunWithoutVersion(long run) => RelayProblems.Problem(
        409, "no-version", $"The run {run} has no version, so that there is nothing to reproduce.");

    public static ProblemHttpResult RowsChanged(long run, string dataset) => RelayProblems.Problem(
        409, "dataset-changed",
        $"The dataset '{dataset}' no longer has the rows of run {run}: samples were deleted since, on request or by its retention.");

    public static ProblemHttpResult RowsGone(string detail) => RelayProblems.Problem(409, "dataset-changed", detail);

    public static ProblemHttpResult EmptyUpload() => RelayProblems.Problem(
        422, "invalid-upload", "The body is empty: send at least one row.");

    public static ProblemHttpResult InvalidUpload(string detail) => RelayProblems.Problem(422, "invalid-upload", detail);

    public static ProblemHttpResult UnsupportedType(bool isNode) => RelayProblems.Problem(
        415, "unsupported-media-type",
        $"Send {SampleBounds.NdjsonType} or {SampleBounds.CsvType}" + (isNode ? "." : $", or {SampleBounds.ParquetType}."));
}
