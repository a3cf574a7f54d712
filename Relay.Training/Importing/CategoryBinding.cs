using System.Globalization;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Engines.Common.Categories;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Importing;

/// <summary>How the columns of a spec become what the trees of a file compare: numbers as they are, texts by the file's own list of their codes, and
/// both by the sets of categories that trees split by.</summary>
/// <param name="Encodings">Per column of the spec.</param>
/// <param name="Ensemble">The file's trees over the compared columns.</param>
/// <param name="Lists">Per feature of the file, the number of the list that has its texts; null for numbers.</param>
/// <param name="Known">Per feature of the file, how many codes its sets know.</param>
/// <param name="Notes">What an admin should know, one sentence each.</param>
internal sealed record CategoryBinding(
    IReadOnlyList<FeatureEncoding> Encodings, TreeEnsemble Ensemble, int?[] Lists, int[] Known, IReadOnlyList<string> Notes)
{
    /// <summary>Outputs of one ensemble that the scorer of nodes runs.</summary>
    private const int MaxOutputs = 4096;

    /// <param name="bound">Per feature of the file, the index among the spec's features.</param>
    /// <exception cref="TrainingException">With InvalidSpec: a column of texts of which the file does not say what they are to the model.</exception>
    public static CategoryBinding Bind(ModelSpec spec, SourceModel source, int[] bound)
    {
        ColumnSpec[] columns = [.. spec.Features];
        int?[] lists = FindLists(columns, source, bound);
        ILookup<int, (CategorySet Set, int Column)> sets =
            source.Sets.Select((set, i) => (set, source.FeatureCount + i)).ToLookup(s => s.set.Feature);
        int[] known = [.. bound.Select((_, feature) => sets[feature].Select(s => s.Set.CodeCount).DefaultIfEmpty(0).Max())];
        FeatureEncoding[] encodings = new FeatureEncoding[columns.Length];
        for (int feature = 0; feature < bound.Length; feature++)
        {
            string[]? texts = lists[feature] is { } list ? source.Texts.Lists[list] : null;
            RequireFits(columns[bound[feature]].Name, texts, known[feature], source.Texts.MaxValues[feature]);
            encodings[bound[feature]] = new FeatureEncoding(columns[bound[feature]].Name, texts)
            {
                Indicators = sets.Contains(feature)
                    ? [.. sets[feature].Chunk(MaxOutputs).Select(chunk => Indicate([.. chunk.Select(s => s.Set)]))]
                    : null,
            };
        }

        TreeEnsemble ensemble = Apply(source.Ensemble, encodings, bound, sets);
        return new CategoryBinding(encodings, ensemble, lists, known, [.. Describe(columns, source, bound, lists)]);
    }

    private static int?[] FindLists(ColumnSpec[] columns, SourceModel source, int[] bound)
    {
        SourceTexts texts = source.Texts;
        int[] ofTexts = [.. Enumerable.Range(0, bound.Length).Where(feature => columns[bound[feature]].Type is ColumnType.Category)];
        int?[] lists = new int?[bound.Length];
        foreach ((int i, int feature) in ofTexts.Index())
        {
            int list = texts.AreInColumnOrder ? i : feature;
            string name = columns[bound[feature]].Name;
            if (texts.Lists.Count == 0 || (!texts.AreInColumnOrder && texts.Lists[list] is null))
            {
                throw Refuse(
                    $"column '{name}' has the type category, and the file does not list its texts in the order of their codes; {texts.HowToGet}, "
                    + "or give the column the type number and rows with the codes that the model was trained on");
            }

            if (texts.AreInColumnOrder && texts.Lists.Count != ofTexts.Length)
            {
                throw Refuse(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ofTexts.Length} columns of type category, and the file lists the texts of {texts.Lists.Count} without their names: ")
                    + $"{string.Join("; ", texts.Lists.Take(8).Select(l => DataErrors.List(l!)))}; give the type category to each column that was "
                    + "category in the data frame, ordered ones too, and to no other");
            }

            lists[feature] = list;
        }

        return lists;
    }

    private static void RequireFits(string column, string[]? texts, int known, double? max)
    {
        if (texts is not null && (known > texts.Length || max >= texts.Length))
        {
            throw Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"column '{column}' has the texts {DataErrors.List(texts)} by their place in the file, and the model was trained on codes up to ")
                + string.Create(CultureInfo.InvariantCulture, $"{Math.Max(known - 1, max ?? 0)} of it: the list is that of another column"));
        }
    }

    private static TreeEnsemble Indicate(IReadOnlyList<CategorySet> sets) =>
        new(1, sets.Count, [.. sets.Select((set, output) => set.ToTree(output))], new float[sets.Count], Link.None);

    private static TreeEnsemble Apply(
        TreeEnsemble ensemble, FeatureEncoding[] encodings, int[] bound, ILookup<int, (CategorySet Set, int Column)> sets)
    {
        int[] first = new int[encodings.Length + 1];
        for (int column = 0; column < encodings.Length; column++)
        {
            first[column + 1] = first[column] + encodings[column].ComparedWidth;
        }

        int[] compared = new int[ensemble.FeatureCount];
        for (int feature = 0; feature < bound.Length; feature++)
        {
            compared[feature] = first[bound[feature]];
            foreach ((int i, (_, int column)) in sets[feature].Index())
            {
                compared[column] = first[bound[feature]] + i;
            }
        }

        return ensemble with
        {
            FeatureCount = first[^1],
            Trees = [.. ensemble.Trees.Select(tree => tree.OverColumns(compared))],
        };
    }

    private static IEnumerable<string> Describe(ColumnSpec[] columns, SourceModel source, int[] bound, int?[] lists)
    {
        HashSet<int> bySets = [.. source.Sets.Select(set => set.Feature)];
        string[] codes = [.. bySets.Order().Where(feature => lists[feature] is null).Select(feature => columns[bound[feature]].Name)];
        if (codes.Length > 0 && source.Texts.Lists.Any(list => list is not null))
        {
            yield return $"The file lists the texts of categories, and the spec gives the type number to {DataErrors.List(codes)}: values of these "
                + "columns count as codes, from 0 in the order of the list.";
        }
    }

    private static TrainingException Refuse(string why) => new(TrainingFault.InvalidSpec, $"spec, columns: {why}");
}
