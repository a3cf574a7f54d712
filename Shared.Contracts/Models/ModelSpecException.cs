namespace Shared.Contracts.Models;

/// <summary>The text is not a model spec. The message names the position, what was found and what was expected.</summary>
public sealed class ModelSpecException(SpecProblem problem, int? line, int? column, Exception? inner = null)
    : Exception(Describe(problem, line, column), inner)
{
    public SpecProblem Problem { get; } = problem;

    /// <summary>Line in the JSON text, from 1; null where the spec did not come as text.</summary>
    public int? Line { get; } = line;

    /// <summary>Byte in the line, from 1.</summary>
    public int? Column { get; } = column;

    private static string Describe(SpecProblem problem, int? line, int? column) => DisplayText.Escape(
        line is null
            ? $"{problem.Path}: {problem.Found}; expected {problem.Expected}"
            : $"line {line}, column {column}, {problem.Path}: {problem.Found}; expected {problem.Expected}");
}

/// <summary>One value of a spec that breaks a rule.</summary>
/// <param name="Path">JSON path, such as <c>$.columns[3].name</c>.</param>
/// <param name="Found">The value that was found, for people.</param>
/// <param name="Expected">The values that are allowed, for people.</param>
public sealed record SpecProblem(string Path, string Found, string Expected);
