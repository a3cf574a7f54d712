using System.Globalization;

namespace Shared.Contracts.Models;

/// <summary>One parameter of training: its name, its values and its meaning.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Meaning">What it is, in one phrase.</param>
/// <param name="Value">Reads it from the parameters of a spec; null where the spec does not give it.</param>
public sealed record ParameterDefinition(string Name, ParameterKind Kind, string Meaning, Func<ModelParameters, object?> Value)
{
    /// <summary>Names in JSON that earlier versions wrote, and that are still read.</summary>
    public IReadOnlyList<string> OlderNames { get; init; } = [];

    /// <summary>The lower end of the range of a number.</summary>
    public decimal Min { get; init; }

    /// <summary>Whether <see cref="Min"/> itself is out of range.</summary>
    public bool IsMinExcluded { get; init; }

    /// <summary>The upper end of the range of a number, in range itself.</summary>
    public decimal Max { get; init; }

    /// <summary>The values that are in range, for people.</summary>
    public string Expected => Kind switch
    {
        ParameterKind.Flag => "true or false",
        ParameterKind.Directions => "an object: the name of a number column to 1 or -1",
        ParameterKind.Names => "a list of at least one column of type number or category, none twice",
        ParameterKind.WholeNumber => $"a whole number from {Text(Min)} to {Text(Max)}",
        _ => IsMinExcluded ? $"a number above {Text(Min)}, at most {Text(Max)}" : $"a number from {Text(Min)} to {Text(Max)}",
    };

    /// <summary>What the spec gives that is out of range, for people; null where the value is in range or not given.</summary>
    public string? FindOutOfRange(ModelParameters parameters)
    {
        if (Kind is ParameterKind.Flag or ParameterKind.Directions or ParameterKind.Names || Value(parameters) is not { } value)
        {
            return null;
        }

        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        bool isInRange = (IsMinExcluded ? number > (double)Min : number >= (double)Min) && number <= (double)Max;
        return isInRange ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private static string Text(decimal bound) => bound.ToString("#,0.###", CultureInfo.InvariantCulture);
}

/// <summary>What kind of value a parameter takes.</summary>
public enum ParameterKind
{
    WholeNumber,
    Number,
    Flag,

    /// <summary>A direction, 1 or -1, for each of some columns.</summary>
    Directions,

    /// <summary>Names of columns.</summary>
    Names,
}
