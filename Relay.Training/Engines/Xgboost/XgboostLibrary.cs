using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Finds libxgboost on this machine and turns its answers into exceptions.</summary>
internal static class XgboostLibrary
{
    private const string HowToGet =
        "the XGBoost library is not on this machine. Debian and Ubuntu: apt-get install libxgboost0; elsewhere put libxgboost "
        + "1.7 or newer where the system loads libraries from";

    // Debian's name is first: the plain one is a link that only its development package brings.
    private static readonly string[] Names = ["libxgboost.so.0", "xgboost", "libxgboost"];
    private static readonly Lazy<nint> Handle = new(Load);

    static XgboostLibrary() => NativeLibrary.SetDllImportResolver(typeof(XgboostLibrary).Assembly, Resolve);

    public static bool IsPresent => Handle.Value != 0;

    /// <summary>To be called where it is present.</summary>
    public static string Version
    {
        get
        {
            XgboostNative.Version(out int major, out int minor, out int patch);
            return string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}");
        }
    }

    /// <summary>Must pass before any call of <see cref="XgboostNative"/>.</summary>
    /// <exception cref="TrainingException">With EngineMissing: no library, or one older than 1.7.</exception>
    public static void Require()
    {
        if (!IsPresent)
        {
            throw new TrainingException(TrainingFault.EngineMissing, $"engine '{XgboostEngine.EngineName}': {HowToGet}");
        }

        XgboostNative.Version(out int major, out int minor, out int patch);
        if ((major, minor).CompareTo((1, 7)) < 0)
        {
            throw new TrainingException(
                TrainingFault.EngineMissing,
                $"engine '{XgboostEngine.EngineName}': the library is version {major}.{minor}.{patch}, expected 1.7 or newer");
        }
    }

    /// <exception cref="TrainingException">With EngineFailed and what the library said.</exception>
    public static void Check(int answer)
    {
        if (answer != 0)
        {
            // What follows the first line is a stack trace.
            string text = Marshal.PtrToStringUTF8(XgboostNative.LastError()) ?? "";
            throw new TrainingException(
                TrainingFault.EngineFailed, $"engine '{XgboostEngine.EngineName}': {text.AsSpan().Trim().ToString().Split('\n')[0]}");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "xgboost" ? Handle.Value : 0;

    private static nint Load()
    {
        foreach (string name in Names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
