using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Client.Scoring;
using Sync.Native.Interop;
using Sync.Native.Models;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> that scale rows. They take no lock and allocate nothing.</summary>
internal static unsafe class TransformExports
{
    [UnmanagedCallersOnly(EntryPoint = "relaysync_transform_row", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus TransformRow(
        ulong model, float* numbers, nuint numberCount, NativeTransformation* transformation, float* features, nuint featureCount) =>
        Transform(model, 1, numbers, numberCount, transformation, features, featureCount);

    [UnmanagedCallersOnly(EntryPoint = "relaysync_transform_many", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus TransformMany(
        ulong model, nuint rows, float* numbers, nuint numberCount, NativeTransformation* transformation, float* features, nuint featureCount) =>
        Transform(model, rows, numbers, numberCount, transformation, features, featureCount);

    private static NativeStatus Transform(
        ulong model, nuint rows, float* numbers, nuint numberCount, NativeTransformation* transformation, float* features, nuint featureCount)
    {
        try
        {
            NativeModel found = NativeModel.From(model);
            NativeMemoryView.RequireOutput(transformation, "transformation");
            Span<float> places = NativeMemoryView.From<float>(features, featureCount, "features");
            ReadOnlySpan<float> row = NativeMemoryView.From<float>(numbers, numberCount, "numbers");
            using ScorerLease lease = new(found.Slot, found.Name);
            VersionReaders readers = found.ReadersOf(lease.Scorer);
            readers.RequireScaling(lease.Scorer);
            lease.Scorer.Transform(row, NativeMemoryView.CheckCount(rows, "rows"), places);
            *transformation = new NativeTransformation { Sha256 = readers.Native.Sha256, Version = lease.Scorer.Version.Version };
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }
}
