using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring;

/// <summary>Refuses calls that do not match the model's schema, with a message that says what was expected, and counts them.</summary>
/// <param name="width">Number inputs.</param>
/// <param name="categoryCount">Category inputs.</param>
/// <param name="usage">Counts the calls that are refused.</param>
internal sealed class RowValidator(ActiveModelVersion version, int width, int categoryCount, UsageCounter usage)
{
    public void Check(int numbers, int categories, int rows)
    {
        if (categories != (long)categoryCount * rows)
        {
            ThrowCategories(categories, rows);
        }

        if (numbers != (long)width * rows)
        {
            ThrowNumbers(numbers, rows);
        }
    }

    public void CheckRoom(long needed, int length)
    {
        if (length < needed)
        {
            ThrowRoom(needed, length);
        }
    }

    /// <summary>Creates the exception for a call that does not match the model's task.</summary>
    public RelayModelException CreateWrongTask()
    {
        (string task, string call) = version.Schema.Task switch
        {
            ModelTask.Regression => ("regression", nameof(IRelayModel.PredictValue)),
            ModelTask.AnomalyDetection => ("anomaly detection", nameof(IRelayModel.ScoreSamples)),
            ModelTask.Scaling => ("scaling", nameof(IRelayModel.Transform)),
            _ => ("classification", nameof(IRelayModel.Predict)),
        };
        return CreateFault(
            RelayModelFault.WrongTask, $"{version.Name} version {version.Version} is a model for {task}: call {call} instead");
    }

    /// <summary>Counts a refused call and creates its exception.</summary>
    public RelayModelException CreateFault(RelayModelFault fault, string message)
    {
        usage.AddCallerFault();
        return new(fault, message);
    }

    [DoesNotReturn]
    private void ThrowCategories(int actual, int rows) => throw CreateFault(
        RelayModelFault.WrongType,
        $"{version.Name} version {version.Version} has {categoryCount} category inputs; {rows} row(s) came with {actual} categories");

    [DoesNotReturn]
    private void ThrowNumbers(int actual, int rows) => throw CreateFault(
        RelayModelFault.WrongWidth,
        $"{version.Name} version {version.Version} has {width} number inputs; {rows} row(s) came with {actual} numbers");

    [DoesNotReturn]
    private void ThrowRoom(long needed, int length) => throw CreateFault(
        RelayModelFault.WrongOutput, $"the numbers that come out need {needed} places; the span has {length}");
}
