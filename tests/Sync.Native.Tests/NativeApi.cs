using System.Runtime.InteropServices;
using System.Text;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>The functions of <c>relaysync.h</c> for tests: through the pointers that C has, with arguments in memory.</summary>
internal static unsafe class NativeApi
{
    public static string LastError => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)&LibraryExports.Error)())!;

    public static ulong AllocatedBytes => ((delegate* unmanaged[Cdecl]<ulong>)&LibraryExports.AllocatedBytes)();

    public static string Version => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)&LibraryExports.LibraryVersion)())!;

    public static NativeStatus Open(out ulong node, params (string? Name, string? Value)[] options)
    {
        using NativeArguments arguments = new();
        NativeOption* given = stackalloc NativeOption[options.Length];
        for (int i = 0; i < options.Length; i++)
        {
            given[i] = new NativeOption { Name = arguments.Add(options[i].Name), Value = arguments.Add(options[i].Value) };
        }

        fixed (ulong* handle = &node)
        {
            *handle = 0;
            return ((delegate* unmanaged[Cdecl]<NativeOption*, nuint, ulong*, NativeStatus>)&NodeExports.Open)(given, (nuint)options.Length, handle);
        }
    }

    public static NativeStatus Refresh(ulong node, int milliseconds, out int activated)
    {
        fixed (int* isActivated = &activated)
        {
            *isActivated = -1;
            return ((delegate* unmanaged[Cdecl]<ulong, int, int*, NativeStatus>)&NodeExports.Refresh)(node, milliseconds, isActivated);
        }
    }

    public static NativeStatus Pin(ulong node, int release, out int activated)
    {
        fixed (int* isActivated = &activated)
        {
            *isActivated = -1;
            return ((delegate* unmanaged[Cdecl]<ulong, int, int, int*, NativeStatus>)&NodeExports.Pin)(node, release, 60_000, isActivated);
        }
    }

    public static NativeStatus Hold(ulong node) =>
        ((delegate* unmanaged[Cdecl]<ulong, int, int*, NativeStatus>)&NodeExports.Hold)(node, 60_000, null);

    public static NativeStatus Follow(ulong node) =>
        ((delegate* unmanaged[Cdecl]<ulong, int, int*, NativeStatus>)&NodeExports.Follow)(node, 60_000, null);

    public static NativeStatus SetLog(
        delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void> callback, void* context, int minimumLevel) =>
        ((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<void*, int, byte*, byte*, void>, void*, int, NativeStatus>)
            &LibraryExports.SetLog)(callback, context, minimumLevel);

    /// <param name="rows">Below 0: by the function for one row.</param>
    public static NativeStatus Transform(
        ulong model, int rows, ReadOnlySpan<float> numbers, out NativeTransformation transformation, Span<float> features)
    {
        fixed (float* row = numbers)
        fixed (float* places = features)
        fixed (NativeTransformation* answer = &transformation)
        {
            *answer = default;
            return rows < 0
                ? ((delegate* unmanaged[Cdecl]<ulong, float*, nuint, NativeTransformation*, float*, nuint, NativeStatus>)
                    &TransformExports.TransformRow)(model, row, (nuint)numbers.Length, answer, places, (nuint)features.Length)
                : ((delegate* unmanaged[Cdecl]<ulong, nuint, float*, nuint, NativeTransformation*, float*, nuint, NativeStatus>)
                    &TransformExports.TransformMany)(
                    model, (nuint)rows, row, (nuint)numbers.Length, answer, places, (nuint)features.Length);
        }
    }

    public static NativeStatus Import(ulong node, string? bundle)
    {
        using NativeArguments arguments = new();
        return ((delegate* unmanaged[Cdecl]<ulong, byte*, int*, NativeStatus>)&NodeExports.Import)(node, arguments.Add(bundle), null);
    }

    public static NativeStatus Start(ulong node) => ((delegate* unmanaged[Cdecl]<ulong, NativeStatus>)&NodeExports.Start)(node);

    public static NativeStatus Stop(ulong node) => ((delegate* unmanaged[Cdecl]<ulong, NativeStatus>)&NodeExports.Stop)(node);

    public static NativeStatus Close(ulong node) => ((delegate* unmanaged[Cdecl]<ulong, NativeStatus>)&NodeExports.Close)(node);

    public static NativeStatus WaitReady(ulong node, int milliseconds) =>
        ((delegate* unmanaged[Cdecl]<ulong, int, NativeStatus>)&NodeExports.WaitReady)(node, milliseconds);

    public static NativeStatus StatusJson(ulong node, out string json)
    {
        byte* text = null;
        NativeStatus status = ((delegate* unmanaged[Cdecl]<ulong, byte**, NativeStatus>)&NodeExports.StatusJson)(node, &text);
        json = Marshal.PtrToStringUTF8((nint)text) ?? "";
        ((delegate* unmanaged[Cdecl]<void*, void>)&LibraryExports.Free)(text);
        return status;
    }

    public static NativeStatus FindModel(ulong node, string? name, out ulong model)
    {
        using NativeArguments arguments = new();
        fixed (ulong* handle = &model)
        {
            *handle = 0;
            return ((delegate* unmanaged[Cdecl]<ulong, byte*, ulong*, NativeStatus>)&NodeExports.FindModel)(node, arguments.Add(name), handle);
        }
    }

    public static NativeStatus LoadUnverifiedFile(string? path, string? sha256, out ulong model)
    {
        using NativeArguments arguments = new();
        fixed (ulong* handle = &model)
        {
            *handle = 0;
            return ((delegate* unmanaged[Cdecl]<byte*, byte*, ulong*, NativeStatus>)&ModelExports.LoadUnverifiedFile)(
                arguments.Add(path), arguments.Add(sha256), handle);
        }
    }

    public static NativeStatus CloseModel(ulong model) => ((delegate* unmanaged[Cdecl]<ulong, NativeStatus>)&ModelExports.Close)(model);

    public static NativeStatus Describe(ulong model, NativeSchema* schema, int size) =>
        ((delegate* unmanaged[Cdecl]<ulong, NativeSchema*, nuint, NativeStatus>)&ModelExports.Describe)(model, schema, (nuint)size);

    public static NativeStatus Predict(
        ulong model, ReadOnlySpan<float> numbers, ReadOnlySpan<string?> categories, out NativePrediction prediction, Span<float> probabilities)
    {
        using NativeArguments arguments = new();
        fixed (float* row = numbers)
        fixed (float* places = probabilities)
        fixed (NativePrediction* answer = &prediction)
        {
            *answer = default;
            return ((delegate* unmanaged[Cdecl]<ulong, float*, nuint, byte**, nuint, NativePrediction*, float*, nuint, NativeStatus>)
                &ScoringExports.Predict)(
                model, row, (nuint)numbers.Length, arguments.AddAll(categories), (nuint)categories.Length, answer, places,
                (nuint)probabilities.Length);
        }
    }

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)!;
}
