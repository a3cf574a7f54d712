namespace Relay.Training.Tests.Importing;

/// <summary>Faults of sets of categories and of the texts of their codes.</summary>
public sealed class HostileCategoryTests
{
    public static TheoryData<string, string, string, string> Faults => new()
    {
        // File, what is there, what takes its place, what the refusal names.
        { "lightgbm-sets-binary", "decision_type=", "decision_type=1 1 1 1 1\nx=", "no other split has" },
        { "lightgbm-sets-binary", "num_cat=3", "num_cat=2", "cat_boundaries" },
        { "lightgbm-sets-binary", "num_cat=3", "num_cat=4", "cat_boundaries" },
        { "lightgbm-sets-binary", "num_cat=3", "num_cat=0", "set of categories" },
        { "lightgbm-sets-binary", "num_cat=3", "num_cat=2000000000", "num_cat" },
        { "lightgbm-sets-binary", "cat_boundaries=0", "cat_boundaries=1", "expected 0" },
        { "lightgbm-sets-binary", "cat_boundaries=0", "cat_boundaries=-1", "cat_boundaries, entry 0" },
        { "lightgbm-sets-binary", "cat_boundaries=", "cat_boundaries=0 2 1 4\nx=", "is below 2" },
        { "lightgbm-sets-binary", "cat_boundaries=", "cat_boundaries=0 1 2 99\nx=", "cat_threshold, entry" },
        { "lightgbm-sets-binary", "cat_boundaries=", "cat_boundaries=0 1 2 2000000000\nx=", "cat_boundaries, entry 3" },
        { "lightgbm-sets-binary", "cat_threshold=", "cat_threshold=4294967296 ", "32 bits" },
        { "lightgbm-sets-binary", "cat_threshold=", "cat_threshold=-1 ", "32 bits" },
        { "lightgbm-sets-binary", "cat_threshold=", "cat_threshold=1 2 3 4 5 6 7 8 9\nx=", "cat_threshold" },
        { "lightgbm-sets-binary", "cat_threshold=", "cat_thresholds=", "lacks cat_threshold" },
        { "lightgbm-sets-binary", "split_feature=", "split_feature=0 0 0 0 0\nx=", "sets of categories and by thresholds" },
        { "lightgbm-sets-multiclass", "pandas_categorical:", "pandas_categorical:null\npandas_categorical:", "there twice" },
        { "lightgbm-sets-multiclass", "pandas_categorical:", "pandas_categorical:{", "no list of texts" },
        { "lightgbm-sets-multiclass", "pandas_categorical:[", "pandas_categorical:[[[1]],", "no list of texts" },
        { "lightgbm-sets-multiclass", "pandas_categorical:[", "pandas_categorical:[1,", "expected a list" },
        { "lightgbm-sets-multiclass", "pandas_categorical:[", "pandas_categorical:[[],[],[],", "of which there are 4" },
        { "lightgbm-sets-multiclass", "\"ack\"", "\"fin\"", "there twice" },
        { "lightgbm-sets-multiclass", "\"ack\"", "\"\"", "empty text" },
        { "lightgbm-sets-multiclass", "\"ack\"", "\"\\ud800\"", "Unicode" },
        { "lightgbm-sets-multiclass", "\"ack\"", "1.5", "in several ways" },
        { "lightgbm-sets-multiclass", "\"ack\"", "true", "in several ways" },
        { "xgboost-sets-binary", "\"categories\":[", "\"categories\":[-1,", "categories: " },
        { "xgboost-sets-binary", "\"categories\":[0", "\"categories\":[-1", "ascending codes" },
        { "xgboost-sets-binary", "\"categories\":[0", "\"categories\":[1", "ascending codes" },
        { "xgboost-sets-binary", "\"categories\":[0,1,2,4,7,8,9,11,15,18,19,21,25,26,27,28,34,35,37,39",
            "\"categories\":[0,1,2,4,7,8,9,11,15,18,19,21,25,26,27,28,34,35,37,16777216", "below 16777216" },
        { "xgboost-sets-binary", "\"categories_nodes\":[0,2", "\"categories_nodes\":[2,0", "does not ascend" },
        { "xgboost-sets-binary", "\"categories_nodes\":[0,2", "\"categories_nodes\":[0,0", "does not ascend" },
        { "xgboost-sets-binary", "\"categories_nodes\":[0,2", "\"categories_nodes\":[0,1", "no node with a set" },
        { "xgboost-sets-binary", "\"categories_nodes\":[0,2", "\"categories_nodes\":[-1,2", "no node with a set" },
        { "xgboost-sets-binary", "\"categories_segments\":[0,20", "\"categories_segments\":[0,19", "one set after the other" },
        { "xgboost-sets-binary", "\"categories_segments\":[0", "\"categories_segments\":[1", "one set after the other" },
        { "xgboost-sets-binary", "\"categories_sizes\":[20", "\"categories_sizes\":[-20", "one set after the other" },
        { "xgboost-sets-binary", "\"categories_sizes\":[20", "\"categories_sizes\":[0", "one set after the other" },
        { "xgboost-sets-binary", "\"categories_sizes\":[20", "\"categories_sizes\":[9000000000", "one set after the other" },
        { "xgboost-sets-binary", "\"categories_nodes\":[0,", "\"categories_nodes\":[", "one set after the other" },
        { "xgboost-sets-binary", "\"split_type\":[1", "\"split_type\":[0", "no node with a set" },
        { "xgboost-sets-binary", "\"split_type\":[1,0", "\"split_type\":[1,1", "has none for it" },
        { "xgboost-sets-binary", "\"split_type\":[1,0", "\"split_type\":[1,2", "neither 0 nor 1" },
        { "xgboost-sets-binary", "\"split_indices\":[3", "\"split_indices\":[4", "feature 4 of 4" },
        { "xgboost-sets-binary", "\"split_indices\":[3", "\"split_indices\":[0", "sets of categories and by thresholds" },
        { "xgboost-sets-binary", "\"split_conditions\":[NaN,", "\"split_conditions\":[NaN,NaN,\"NaN\",", "tree 0" },
        { "xgboost-sets-binary", "\"feature_types\":[", "\"feature_types\":[\"c\",", "5 feature_types" },
        { "xgboost-sets-binary", "\"model\":{", "\"model\":{\"cats\":{\"enc\":[{\"values\":[1]}]},", "1 lists for 4 features" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", HostileModelFileTests.Hostile)]
    public void Read_FaultOfTheSource_IsRefusedWithThePlace(string name, string old, string replacement, string expected)
    {
        ImportFixture fixture = ImportFixture.Load(name);

        HostileModelFileTests.AssertRefused(fixture, fixture.With(old, replacement), expected);
    }
}
