using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring;

/// <summary>Refuses rows that do not match the model's schema, with a message that says what was expected.</summary>
internal static class RowValidator
{
    public static void Check(
        ActiveModelVersion version, int width, int categoryCount, int numbers, int categories, int rows)
    {
        if (categories != (long)categoryCount * rows)
        {
            ThrowCategories(version, categoryCount, categories, rows);
        }

        if (numbers != (long)width * rows)
        {
            ThrowNumbers(version, width, numbers, rows);
        }
    }

    public static void CheckRoom(long needed, int length)
    {
        if (length < needed)
        {
            ThrowRoom(needed, length);
        }
    }

    /// <summary>Creates the exception for a call that does not match the model's task.</summary>
    public static RelayModelException WrongTask(ActiveModelVersion version)
    {
        (string task, string call) = version.Schema.Task switch
        {
            ModelTask.Regression => ("regression", nameof(IRelayModel.PredictValue)),
            ModelTask.AnomalyDetection => ("anomaly detection", nameof(IRelayModel.ScoreSamples)),
            ModelTask.Scaling => ("scaling", nameof(IRelayModel.Transform)),
            _ => ("classification", nameof(IRelayModel.Predict)),
        };
        return new(
            RelayModelFault.WrongTask, $"{version.Name} version {version.Version} is a model for {task}: call {call} instead");
    }

    [DoesNotReturn]
    private static void ThrowCategories(ActiveModelVersion version, int expected, int actual, int rows) =>
        throw new RelayModelException(
            RelayModelFault.WrongType,
            $"{version.Name} version {version.Version} has {expected} category inputs; {rows} row(s) came with {actual} categories");

    [DoesNotReturn]
    private static void ThrowNumbers(ActiveModelVersion version, int expected, int actual, int rows) =>
        throw new RelayModelException(
            RelayModelFault.WrongWidth,
            $"{version.Name} version {version.Version} has {expected} number inputs; {rows} row(s) came with {actual} numbers");

    [DoesNotReturn]
    private static void ThrowRoom(long needed, int length) =>
        throw new RelayModelException(
            RelayModelFault.WrongOutput, $"the numbers that come out need {needed} places; the span has {length}");
}
