using Relay.Training.Data;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

public sealed class DataChecksTests
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with { Label = new LabelSpec() };

    [Fact]
    public void Require_SoundRows_Passes() => DataChecks.Require(Set([1, "x", 1], [2, "y", 2], [3, "x", 3], [4, "y", 4]), Spec);

    [Fact]
    public void Require_BenignClassMissing_IsRefused() =>
        Refused(TrainingFault.NoBenignClass, Set([1, "x", 1], [2, "y", 2]), Spec with { Label = new LabelSpec { Benign = "normal" } });

    [Fact]
    public void Require_SingleClass_IsRefused()
    {
        using DataSetBuilder builder = new(Spec, "rows");
        builder.Add([1f, "x", 1f], "only");
        builder.Add([2f, "y", 2f], "only");

        Refused(TrainingFault.TooFewClasses, builder.Build(), Spec);
    }

    [Fact]
    public void Require_LabelSeenOnce_IsRefused() =>
        Refused(TrainingFault.TooFewClasses, Set([1, "x", 1], [2, "y", 2], [3, "x", 3]), Spec);

    [Fact]
    public void Require_ConstantNumber_IsRefused() =>
        Refused(TrainingFault.ConstantColumn, Set([1, "x", 7], [2, "y", 7], [3, "x", 7], [4, "y", 7]), Spec);

    [Fact]
    public void Require_AllMissingNumber_IsRefused() =>
        Refused(TrainingFault.ConstantColumn, Set([1, "x", null], [2, "y", null], [3, "x", null], [4, "y", null]), Spec);

    [Fact]
    public void Require_ConstantCategory_IsRefused() =>
        Refused(TrainingFault.ConstantColumn, Set([1, "x", 1], [2, "x", 2], [3, "x", 3], [4, "x", 4]), Spec);

    [Fact]
    public void Require_OneValueAndMissing_Passes() =>
        DataChecks.Require(Set([1, "x", 7], [2, "y", null], [3, "x", 7], [4, "y", 7]), Spec);

    // Rows take the labels a and b in turn.
    private static DataSet Set(params object?[][] rows)
    {
        using DataSetBuilder builder = new(Spec, "rows");
        for (int i = 0; i < rows.Length; i++)
        {
            builder.Add([.. rows[i].Select(v => v is int number ? (float)number : v)], i % 2 == 0 ? "a" : "b");
        }

        return builder.Build();
    }

    private static void Refused(TrainingFault fault, DataSet set, ModelSpec spec) =>
        Assert.Equal(fault, Assert.Throws<TrainingException>(() => DataChecks.Require(set, spec)).Fault);
}
