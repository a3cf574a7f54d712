using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Xgboost;

/// <summary>The C API of libxgboost, version 1.7 and newer. Every call answers 0, or -1 with a text in <see cref="LastError"/>.</summary>
internal static unsafe partial class XgboostNative
{
    private const string Library = "xgboost";

    [LibraryImport(Library, EntryPoint = "XGBoostVersion")]
    public static partial void Version(out int major, out int minor, out int patch);

    /// <summary>Text of this thread's last error; the library owns it.</summary>
    [LibraryImport(Library, EntryPoint = "XGBGetLastError")]
    public static partial nint LastError();

    [LibraryImport(Library, EntryPoint = "XGDMatrixCreateFromDense", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MatrixCreate(string arrayInterface, string config, out nint matrix);

    [LibraryImport(Library, EntryPoint = "XGDMatrixSetFloatInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MatrixSetFloats(nint matrix, string field, float* values, ulong count);

    [LibraryImport(Library, EntryPoint = "XGDMatrixFree")]
    public static partial int MatrixFree(nint matrix);

    [LibraryImport(Library, EntryPoint = "XGBoosterCreate")]
    public static partial int BoosterCreate(nint* matrices, ulong count, out nint booster);

    [LibraryImport(Library, EntryPoint = "XGBoosterSetParam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSet(nint booster, string name, string value);

    [LibraryImport(Library, EntryPoint = "XGBoosterUpdateOneIter")]
    public static partial int BoosterUpdate(nint booster, int round, nint matrix);

    /// <param name="result">Like <c>[3]&#9;validation-mlogloss:0.25</c>; the library owns it.</param>
    [LibraryImport(Library, EntryPoint = "XGBoosterEvalOneIter")]
    public static partial int BoosterEvaluate(nint booster, int round, nint* matrices, byte** names, ulong count, out nint result);

    /// <param name="data">The library owns it until the booster's next call.</param>
    [LibraryImport(Library, EntryPoint = "XGBoosterSaveModelToBuffer", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterSave(nint booster, string config, out ulong length, out nint data);

    [LibraryImport(Library, EntryPoint = "XGBoosterFree")]
    public static partial int BoosterFree(nint booster);
}
