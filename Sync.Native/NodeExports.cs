using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sync.Client;
using Sync.Native.Handles;
using Sync.Native.Interop;
using Sync.Native.Nodes;

namespace Sync.Native;

/// <summary>The functions of <c>relaysync.h</c> about nodes. No exception leaves one: each is a status and a text.</summary>
internal static unsafe class NodeExports
{
    [UnmanagedCallersOnly(EntryPoint = "relaysync_open", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Open(NativeOption* options, nuint count, ulong* node)
    {
        try
        {
            NativeMemoryView.RequireOutput(node, "node");
            List<(string Name, string Value)> given = [];
            foreach (NativeOption option in NativeMemoryView.From<NativeOption>(options, count, "options"))
            {
                string name = NativeText.Read(option.Name, "the name of an option");
                given.Add((name, NativeText.Read(option.Value, $"the value of option '{name}'")));
            }

            RelaySyncOptions read = NodeOptionReader.Read(given);
            ForkGuard.Mark();
            *node = NativeNode.Open(read).Handle;
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_refresh", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Refresh(ulong node, int milliseconds, int* activated) => Update(node, milliseconds, activated, steering: null);

    [UnmanagedCallersOnly(EntryPoint = "relaysync_pin", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Pin(ulong node, int release, int milliseconds, int* activated) =>
        Update(node, milliseconds, activated, NodeSteering.PinnedTo(release));

    [UnmanagedCallersOnly(EntryPoint = "relaysync_hold", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Hold(ulong node, int milliseconds, int* activated) =>
        Update(node, milliseconds, activated, NodeSteering.Held);

    [UnmanagedCallersOnly(EntryPoint = "relaysync_follow", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Follow(ulong node, int milliseconds, int* activated) =>
        Update(node, milliseconds, activated, NodeSteering.Following);

    [UnmanagedCallersOnly(EntryPoint = "relaysync_import", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Import(ulong node, byte* bundle, int* activated)
    {
        try
        {
            return Report(NativeNode.From(node).Import(NativeText.Read(bundle, "bundle")), activated);
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_start", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Start(ulong node)
    {
        try
        {
            NativeNode.From(node).Start();
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_stop", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Stop(ulong node)
    {
        try
        {
            NativeNode.From(node).Stop();
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_wait_ready", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus WaitReady(ulong node, int milliseconds)
    {
        try
        {
            NativeNode found = NativeNode.From(node);
            return found.WaitReady(milliseconds)
                ? NativeStatus.Ok
                : LastError.Set(NativeStatus.TimedOut, $"no release became active in {milliseconds} ms, or the node was closed{found.WhyNot}");
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_status_json", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus StatusJson(ulong node, byte** json)
    {
        try
        {
            NativeMemoryView.RequireOutput(json, "json");
            *json = NativeText.Allocate(NodeStatusJson.Write(NativeNode.From(node).Status));
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_close", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus Close(ulong node)
    {
        try
        {
            NativeNode found = NativeNode.From(node);
            if (!HandleTable.Remove(found))
            {
                return LastError.Set(NativeStatus.InvalidHandle, $"{node} is being closed by another thread");
            }

            found.Close();
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "relaysync_model_find", CallConvs = [typeof(CallConvCdecl)])]
    public static NativeStatus FindModel(ulong node, byte* name, ulong* model)
    {
        try
        {
            NativeMemoryView.RequireOutput(model, "model");
            *model = NativeNode.From(node).Find(NativeText.Read(name, "name")).Handle;
            return NativeStatus.Ok;
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    /// <param name="steering">Null to leave it as it is.</param>
    private static NativeStatus Update(ulong node, int milliseconds, int* activated, NodeSteering? steering)
    {
        try
        {
            NativeNode found = NativeNode.From(node);
            return Report(steering is null ? found.Refresh(milliseconds) : found.Steer(steering, milliseconds), activated);
        }
        catch (OperationCanceledException)
        {
            return LastError.Set(
                NativeStatus.TimedOut, $"the update did not end in {milliseconds} ms, or the node was closed; what was active stays");
        }
        catch (Exception e)
        {
            return LastError.From(e);
        }
    }

    private static NativeStatus Report(RefreshResult result, int* activated)
    {
        if (activated != null)
        {
            *activated = result.Activated ? 1 : 0;
        }

        return result.Refusal is { } refusal ? LastError.Set(NativeStatus.Refused, RefusalText.Write(refusal)) : NativeStatus.Ok;
    }
}
