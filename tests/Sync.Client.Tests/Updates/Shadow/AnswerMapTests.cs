using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Shared.Scoring;
using Sync.Client.OnnxRuntime;
using Sync.Client.Scoring;
using Sync.Client.Updates.Shadow;

namespace Sync.Client.Tests.Updates.Shadow;

public sealed class AnswerMapTests
{
    private static readonly ModelSchema Active = new(
        [new("proto", ColumnType.Category), new("rate", ColumnType.Number), new("size", ColumnType.Number)], ["benign", "scan"]);

    [Fact]
    public void FindLargestDifference_ClassesInAnotherOrder_ComparesByName()
    {
        AnswerMap map = AnswerMap.Create(Active, Active with { Classes = ["scan", "benign"] })!;

        Assert.Equal(0, map.FindLargestDifference([0.75f, 0.25f], [0.25f, 0.75f]));
        Assert.Equal(0.5, map.FindLargestDifference([0.75f, 0.25f], [0.75f, 0.25f]));
    }

    [Fact]
    public void FindLargestDifference_ClassThatOneVersionLacks_HasProbabilityZeroThere()
    {
        AnswerMap map = AnswerMap.Create(Active, Active with { Classes = ["benign", "flood", "scan"] })!;

        Assert.Equal(0.5, map.FindLargestDifference([0.75f, 0.25f], [0.5f, 0.5f, 0]));
    }

    [Fact]
    public void Create_InputThatTheActiveVersionLacksOrAnotherTask_CannotCompare()
    {
        Assert.Null(AnswerMap.Create(Active, Active with { Inputs = [.. Active.Inputs, new("age", ColumnType.Number)] }));
        Assert.Null(AnswerMap.Create(Active, Active with { Inputs = [new("proto", ColumnType.Number), .. Active.Inputs.Skip(1)] }));
        Assert.Null(AnswerMap.Create(Active, Active with { Task = ModelTask.Regression, Classes = [] }));
        Assert.NotNull(AnswerMap.Create(Active, Active with { Inputs = [Active.Inputs[2], Active.Inputs[0]] }));
    }

    [Fact]
    public void Score_InputsInAnotherOrder_GivesTheAnswerForTheSameRow()
    {
        TestModel model = TestModel.Create(numbers: 3, categories: 1);
        TestModel renamed = TestModel.Create(numbers: 3, categories: 1, names: ["f0", "f3", "f1", "f2"]);
        ModelScorer candidate = Load(renamed);
        AnswerMap map = AnswerMap.Create(model.Schema, renamed.Schema)!;
        float[] mapped = new float[3];
        float[] expected = new float[3];

        map.Score(candidate, new ShadowCall([0.1f, 0.5f, 0.9f], ["tcp"], []), mapped);
        candidate.Score([0.9f, 0.1f, 0.5f], ["tcp"], rows: 1, expected);

        Assert.Equal(expected, mapped);
        candidate.Retire();
    }

    private static ModelScorer Load(TestModel model)
    {
        ActiveModelVersion version = new(model.Description.Name, model.Description.Version, model.Sha256, model.Schema);
        return new ModelScorer(OnnxScorer.Load(model.Onnx, model.Schema), version);
    }
}
