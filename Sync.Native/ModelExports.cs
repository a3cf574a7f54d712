using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Client.Scoring;
using Sync.Native.Handles;
using Sync.Native.Interop;
using Sync.Native.Models;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> that load, describe and close models.</summary>
internal static unsafe class ModelExports
{
    [UnmanagedCallersOnly(EntryPoint = "relaysync_model_load_unverified_file", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus LoadUnverifiedFile(byte* path, byte* sha256, ulong* model)
    {
        try
        {
            NativeMemoryView.RequireOutput(model, "model");
            string? digest = sha256 == null ? null : NativeText.Read(sha256, "sha256");
            NativeModel loaded = UnverifiedFile.Load(NativeText.Read(path, "path"), digest);
            ForkGuard.Mark();
            HandleTable.Add(loaded);
            *model = loaded.Handle;
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_model_close", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Close(ulong model)
    {
        try
        {
            NativeModel found = NativeModel.From(model);
            if (found.IsOfNode)
            {
                return LastError.Set(NativeStatus.InvalidArgument, $"'{found.Name}' belongs to a node: relaysync_close closes it");
            }

            if (HandleTable.Remove(found))
            {
                found.Slot.Swap(null);
            }

            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_model_schema", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Describe(ulong model, NativeSchema* schema, nuint size)
    {
        try
        {
            NativeModel found = NativeModel.From(model);
            NativeMemoryView.RequireOutput(schema, "schema");
            if (size < (nuint)sizeof(NativeSchema))
            {
                return LastError.Set(
                    NativeStatus.InvalidArgument, $"size is {size}: pass sizeof(relaysync_schema), which is {sizeof(NativeSchema)} or more");
            }

            using ScorerLease lease = new(found.Slot, found.Name);
            NativeMemory.Clear(schema, size);
            *schema = found.ReadersOf(lease.Scorer).Native.Schema;
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }
}
