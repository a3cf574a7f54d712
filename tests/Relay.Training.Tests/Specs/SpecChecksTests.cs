using Relay.Training.Engines;
using Relay.Training.Specs;
using Relay.Training.Tests.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Specs;

public sealed class SpecChecksTests
{
    private static readonly ColumnSpec Number = new("size", ColumnType.Number);
    private static readonly ColumnSpec Label = new("verdict", ColumnType.Label);

    public static TheoryData<ModelSpec> Wrong => new(
        CsvFolder.Spec with { Name = "Upper" },
        CsvFolder.Spec with { Name = "" },
        CsvFolder.Spec with { Columns = [Number] },
        CsvFolder.Spec with { Columns = [Label] },
        CsvFolder.Spec with { Columns = [Number, Label, Label with { Name = "other" }] },
        CsvFolder.Spec with { Columns = [Number, Number, Label] },
        CsvFolder.Spec with { Columns = [Number with { Name = "" }, Label] },
        CsvFolder.Spec with { Csv = new CsvSpec { Delimiter = ",," } },
        CsvFolder.Spec with { Csv = new CsvSpec { Delimiter = "" } },
        CsvFolder.Spec with { Csv = new CsvSpec { Delimiter = "\"" } },
        CsvFolder.Spec with { Engine = "magic" },
        CsvFolder.Spec with { Parameters = new ModelParameters { Trees = 0 } },
        CsvFolder.Spec with { Parameters = new ModelParameters { Trees = 10_001 } },
        CsvFolder.Spec with { Parameters = new ModelParameters { Depth = 65 } },
        CsvFolder.Spec with { Parameters = new ModelParameters { LearningRate = 0 } },
        CsvFolder.Spec with { Parameters = new ModelParameters { LearningRate = double.NaN } },
        CsvFolder.Spec with { Parameters = new ModelParameters { L2 = -1 } },
        CsvFolder.Spec with { Parameters = new ModelParameters { MinSamplesSplit = 1 } },
        CsvFolder.Spec with { Algorithm = ModelAlgorithm.RandomForest, Parameters = new ModelParameters { FeatureFraction = 1.5 } },
        CsvFolder.Spec with { Label = Groups("good", "good") },
        CsvFolder.Spec with { Label = Groups("good", "bad") with { Benign = "absent" } });

    [Fact]
    public void Require_SoundSpecs_Passes()
    {
        SpecChecks.Require(CsvFolder.Spec, EngineCatalog.CreateDefault());
        SpecChecks.Require(KddCup99.Spec, EngineCatalog.CreateDefault());
        SpecChecks.Require(CsvFolder.Spec with { Csv = new CsvSpec { Delimiter = "\t" } }, EngineCatalog.CreateDefault());
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Require_WrongSpec_IsRefused(ModelSpec spec) =>
        Assert.Equal(
            TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => SpecChecks.Require(spec, EngineCatalog.CreateDefault())).Fault);

    public static TheoryData<ModelAlgorithm, ModelParameters> Unread => new()
    {
        { ModelAlgorithm.RandomForest, new() { LearningRate = 0.1 } },
        { ModelAlgorithm.RandomForest, new() { EarlyStoppingRounds = 3 } },
        { ModelAlgorithm.GradientBoosting, new() { Contamination = 0.1 } },
        { ModelAlgorithm.IsolationForest, new() { Depth = 3 } },
        { ModelAlgorithm.StandardScaler, new() { Scale = true } },
        { ModelAlgorithm.StandardScaler, new() { Seed = 1 } },
    };

    [Theory]
    [MemberData(nameof(Unread))]
    public void Require_ParameterThatTheAlgorithmDoesNotRead_IsRefused(ModelAlgorithm algorithm, ModelParameters parameters)
    {
        ModelSpec spec = CsvFolder.Spec with
        {
            Algorithm = algorithm,
            Task = algorithm switch
            {
                ModelAlgorithm.IsolationForest => ModelTask.AnomalyDetection,
                ModelAlgorithm.StandardScaler => ModelTask.Scaling,
                _ => ModelTask.Classification,
            },
            Columns = [Number],
            Label = new LabelSpec(),
        };
        spec = spec.Task is ModelTask.Classification ? spec with { Columns = [Number, Label] } : spec;
        SpecChecks.Require(spec with { Parameters = new ModelParameters() }, EngineCatalog.CreateDefault());

        Assert.Equal(
            TrainingFault.InvalidSpec,
            Assert.Throws<TrainingException>(() => SpecChecks.Require(spec with { Parameters = parameters }, EngineCatalog.CreateDefault())).Fault);
    }

    private static LabelSpec Groups(string first, string second) => new()
    {
        Groups = new Dictionary<string, IReadOnlyList<string>> { ["a"] = [first], ["b"] = [second] },
    };
}
