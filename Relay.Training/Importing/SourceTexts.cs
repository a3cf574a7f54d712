namespace Relay.Training.Importing;

/// <summary>The texts of categories that a file lists.</summary>
/// <param name="Lists">Texts in the order of their codes: a list per feature, or one for each column of the type category; null where a
/// feature has none.</param>
/// <param name="AreInColumnOrder">Whether the lists are those of the columns of the type category, one after the other, and not one per
/// feature.</param>
/// <param name="MaxValues">Per feature, the largest value that training saw; null where the file does not say.</param>
/// <param name="HowToGet">What writes a file that has them.</param>
internal sealed record SourceTexts(
    IReadOnlyList<string[]?> Lists, bool AreInColumnOrder, IReadOnlyList<double?> MaxValues, string HowToGet);
