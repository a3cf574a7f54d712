using System.Globalization;
using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

/// <summary>The guide's table of parameters is the one that the engines read.</summary>
public sealed class ParameterGuideTests
{
    private static readonly EngineCatalog Engines = EngineCatalog.CreateDefault();

    [Fact]
    public void Guide_TableOfParameters_IsThatOfTheEngines()
    {
        string[] guide = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "model-spec.md"));
        string[] expected = [Header, .. ParameterTable.All.Select(Row)];

        string[] found = [.. guide.SkipWhile(line => !line.StartsWith("| parameter |", StringComparison.Ordinal)).TakeWhile(
            line => line.StartsWith('|'))];

        Assert.Equal(expected, found.Where(line => !line.StartsWith("|---", StringComparison.Ordinal)));
    }

    [Fact]
    public void Table_EveryParameter_IsReadByATrainer() => Assert.All(
        ParameterTable.All, p => Assert.Contains(Engines.Engines.SelectMany(e => e.Trainers), t => t.Parameters.Reads(p)));

    private static string Header => $"| parameter | values | meaning | {string.Join(" | ", Engines.Names.Select(name => $"`{name}`"))} |";

    private static string Row(ParameterDefinition parameter)
    {
        string older = string.Concat(parameter.OlderNames.Select(name => $", formerly `{name}`"));
        IEnumerable<string> cells = Engines.Engines.Select(engine => string.Join(
            ", ",
            from trainer in engine.Trainers
            from read in trainer.Parameters.All
            where read.Definition == parameter
            select $"{Short(trainer.Algorithm)}: {Default(read)}"));
        return $"| `{parameter.Name}`{older} | {parameter.Expected} | {parameter.Meaning} | {string.Join(" | ", cells)} |".Replace(
            "|  ", "| ", StringComparison.Ordinal);
    }

    private static string Default(TrainerParameter read)
    {
        string value = read.WithoutValue ?? read.Default!.Value.ToString(CultureInfo.InvariantCulture);
        return read.Max is { } max ? $"{value} (at most {max})" : value;
    }

    private static string Short(ModelAlgorithm algorithm) => algorithm switch
    {
        ModelAlgorithm.RandomForest => "forest",
        ModelAlgorithm.GradientBoosting => "boosting",
        _ => "isolation",
    };
}
