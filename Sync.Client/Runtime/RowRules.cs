using System.Diagnostics.CodeAnalysis;

namespace Sync.Client.Runtime;

/// <summary>Refuses rows that do not fit the model, saying what was expected.</summary>
internal static class RowRules
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

    /// <summary>An empty span means "not wanted".</summary>
    public static void CheckRoom(int needed, int places)
    {
        if (places != 0 && places < needed)
        {
            ThrowRoom(needed, places);
        }
    }

    [DoesNotReturn]
    private static void ThrowCategories(ActiveModelVersion version, int expected, int got, int rows) =>
        throw new RelayModelException(
            RelayModelFault.WrongType,
            $"{version.Name} version {version.Version} has {expected} category inputs; {rows} row(s) came with {got} categories");

    [DoesNotReturn]
    private static void ThrowNumbers(ActiveModelVersion version, int expected, int got, int rows) =>
        throw new RelayModelException(
            RelayModelFault.WrongWidth,
            $"{version.Name} version {version.Version} has {expected} number inputs; {rows} row(s) came with {got} numbers");

    [DoesNotReturn]
    private static void ThrowRoom(int needed, int places) =>
        throw new RelayModelException(
            RelayModelFault.WrongOutput, $"the probabilities need {needed} places; the span has {places}");
}
