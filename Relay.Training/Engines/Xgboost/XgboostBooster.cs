using System.Globalization;
using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Xgboost;

/// <summary>One model inside the library while it grows.</summary>
internal sealed unsafe class XgboostBooster : IDisposable
{
    private nint _handle;

    /// <param name="validation">Rows that <see cref="Loss"/> may be asked for; null: none.</param>
    public XgboostBooster(XgboostMatrix train, XgboostMatrix? validation, IEnumerable<(string Name, string Value)> settings)
    {
        nint* matrices = stackalloc nint[2] { train.Handle, validation?.Handle ?? 0 };
        XgboostLibrary.Check(XgboostNative.BoosterCreate(matrices, validation is null ? 1UL : 2UL, out _handle));
        try
        {
            foreach ((string name, string value) in settings)
            {
                XgboostLibrary.Check(XgboostNative.BoosterSet(_handle, name, value));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public nint Handle => _handle;

    /// <summary>Grows the trees of one round.</summary>
    public void Update(int round, XgboostMatrix train) => XgboostLibrary.Check(XgboostNative.BoosterUpdate(_handle, round, train.Handle));

    /// <summary>The objective's own loss on some rows after a round.</summary>
    public double Loss(int round, XgboostMatrix rows)
    {
        nint matrix = rows.Handle;
        ReadOnlySpan<byte> name = "validation\0"u8;
        nint text;
        fixed (byte* at = name)
        {
            byte* names = at;
            XgboostLibrary.Check(XgboostNative.BoosterEvaluate(_handle, round, &matrix, &names, 1, out text));
        }

        string result = Marshal.PtrToStringUTF8(text)!;
        return double.Parse(result.AsSpan(result.LastIndexOf(':') + 1), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>The model as a JSON file.</summary>
    public byte[] Save()
    {
        XgboostLibrary.Check(XgboostNative.BoosterSave(_handle, """{"format": "json"}""", out ulong length, out nint data));
        return new ReadOnlySpan<byte>((void*)data, checked((int)length)).ToArray();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
        {
            XgboostLibrary.Check(XgboostNative.BoosterFree(handle));
        }
    }
}
