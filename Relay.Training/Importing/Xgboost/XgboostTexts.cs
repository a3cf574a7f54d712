using System.Globalization;
using System.Text;
using Relay.Training.Engines.Xgboost;

namespace Relay.Training.Importing.Xgboost;

/// <summary>The texts of categories that XGBoost keeps of a data frame from version 3.1 on: a list per feature, of texts or whole numbers.</summary>
internal static class XgboostTexts
{
    private const string HowToGet = "train XGBoost 3.1 or newer on a data frame whose column is of the type category";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="TrainingException">With InvalidModelFile: lists that are none.</exception>
    public static SourceTexts Read(XgboostModel model, int features)
    {
        double?[] unknown = new double?[features];
        if (model.FeatureTypes is { } types && types.Count != features)
        {
            throw XgboostModelReader.Refuse($"{types.Count} feature_types for {features} features");
        }

        if (model.Categories is not { } lists)
        {
            return new SourceTexts([], AreInColumnOrder: false, unknown, HowToGet);
        }

        return lists.Count == features
            ? new SourceTexts([.. lists.Select((list, f) => Read(list, $"cats, feature {f}"))], AreInColumnOrder: false, unknown, HowToGet)
            : throw XgboostModelReader.Refuse($"cats has {lists.Count} lists for {features} features");
    }

    private static string[]? Read(XgboostCategoryList? list, string place)
    {
        if (list?.Values is not { Length: > 0 } values)
        {
            return null;
        }

        return CategoryTexts.Require(
            list.Offsets is { } offsets
                ? Cut(values, offsets, place)
                : Array.ConvertAll(values, v => v.ToString(CultureInfo.InvariantCulture)),
            place);
    }

    // The bytes of the texts are signed or not, by version.
    private static string[] Cut(long[] values, int[] offsets, string place)
    {
        if (offsets.Length < 2 || offsets[0] != 0 || offsets[^1] != values.Length || values.Any(v => v is < sbyte.MinValue or > byte.MaxValue))
        {
            throw XgboostModelReader.Refuse($"{place}: offsets that do not end with its {values.Length} bytes, or bytes that are none");
        }

        byte[] bytes = Array.ConvertAll(values, v => unchecked((byte)v));
        string[] texts = new string[offsets.Length - 1];
        for (int i = 0; i < texts.Length; i++)
        {
            if (offsets[i + 1] < offsets[i] || offsets[i + 1] > bytes.Length)
            {
                throw XgboostModelReader.Refuse(
                    $"{place}: offset {i + 1} is {offsets[i + 1]}, below the one before it or beyond {bytes.Length} bytes");
            }

            try
            {
                texts[i] = Strict.GetString(bytes, offsets[i], offsets[i + 1] - offsets[i]);
            }
            catch (DecoderFallbackException)
            {
                throw XgboostModelReader.Refuse($"{place}, category {i}: no text in UTF-8");
            }
        }

        return texts;
    }
}
