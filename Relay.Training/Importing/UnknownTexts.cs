using System.Globalization;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;

namespace Relay.Training.Importing;

/// <summary>Compares the texts of held-out rows with those that the file of a model lists: a text that it does not know counts as missing, which is
/// silent where the same category is written in another way.</summary>
internal static class UnknownTexts
{
    /// <returns>A sentence for each column with texts that the file does not list.</returns>
    /// <exception cref="TrainingException">With InvalidData: the file lists no text of a column.</exception>
    public static IReadOnlyList<string> Require(ImportedModel imported, DataSet heldOut)
    {
        List<string> notes = [];
        for (int i = 0; i < heldOut.Columns.Count; i++)
        {
            if (heldOut.Columns[i] is not CategoryColumn column || imported.Encoder.Encodings[i].Categories is not { } listed)
            {
                continue;
            }

            HashSet<string> known = new(listed, StringComparer.Ordinal);
            bool[] isKnown = Array.ConvertAll(column.Categories, known.Contains);
            long present = column.Codes.LongCount(code => code >= 0);
            long unknown = column.Codes.LongCount(code => code >= 0 && !isKnown[code]);
            string[] texts = [.. column.Categories.Where((_, code) => !isKnown[code])];
            if (unknown > 0 && unknown == present && imported.Format is not ImportFormat.Artifact)
            {
                throw new TrainingException(
                    TrainingFault.InvalidData,
                    $"{heldOut.Summary.Source}, column '{column.Name}': the texts {DataErrors.List(texts)}, and the model knows "
                    + $"{DataErrors.List(listed)}; write them as the model was trained on them");
            }

            if (unknown > 0 && imported.Format is not ImportFormat.Artifact)
            {
                notes.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{unknown} held-out rows have texts of '{column.Name}' that the model does not know ")
                    + $"({DataErrors.List(texts)}): they count as missing.");
            }
        }

        return notes;
    }
}
