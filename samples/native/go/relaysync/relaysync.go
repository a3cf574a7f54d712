// Package relaysync is a node of Relay: verified models, swapped while calls run. It calls librelaysync, which pkg-config finds.
package relaysync

/*
#cgo pkg-config: relaysync
#include <stdlib.h>
#include <relaysync.h>
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

// Error is a call that the library refused. It never gives a default answer instead.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string { return fmt.Sprintf("relaysync: error %d: %s", e.Status, e.Text) }

// The text is that of the thread: both calls must come from one.
func call(function func() C.relaysync_status) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if status := function(); status != C.RELAYSYNC_OK {
		return &Error{int(status), C.GoString(C.relaysync_last_error())}
	}
	return nil
}

// Option is one of the options that relaysync.h lists.
type Option struct{ Name, Value string }

// Node keeps its models current.
type Node struct{ handle C.relaysync_node }

// Open opens a node on its store, with the last good release of it active. It sends no request.
func Open(options ...Option) (*Node, error) {
	size := C.size_t(len(options)+1) * C.size_t(unsafe.Sizeof(C.relaysync_option{}))
	memory := C.calloc(1, size)
	defer C.free(memory)
	given := unsafe.Slice((*C.relaysync_option)(memory), len(options))
	for i, option := range options {
		given[i].name, given[i].value = C.CString(option.Name), C.CString(option.Value)
		defer C.free(unsafe.Pointer(given[i].name))
		defer C.free(unsafe.Pointer(given[i].value))
	}
	node := &Node{}
	return node, call(func() C.relaysync_status {
		return C.relaysync_open((*C.relaysync_option)(memory), C.size_t(len(options)), &node.handle)
	})
}

// Start updates in the background from now on.
func (n *Node) Start() error {
	return call(func() C.relaysync_status { return C.relaysync_start(n.handle) })
}

// Refresh updates now.
func (n *Node) Refresh(limit time.Duration) error {
	return call(func() C.relaysync_status { return C.relaysync_refresh(n.handle, C.int32_t(limit.Milliseconds()), nil) })
}

// Pin runs one release until Follow, or until it is revoked.
func (n *Node) Pin(release int, limit time.Duration) error {
	return call(func() C.relaysync_status {
		return C.relaysync_pin(n.handle, C.int32_t(release), C.int32_t(limit.Milliseconds()), nil)
	})
}

// Hold keeps the active release until Follow.
func (n *Node) Hold(limit time.Duration) error {
	return call(func() C.relaysync_status { return C.relaysync_hold(n.handle, C.int32_t(limit.Milliseconds()), nil) })
}

// Follow ends a pin or a hold, and updates.
func (n *Node) Follow(limit time.Duration) error {
	return call(func() C.relaysync_status { return C.relaysync_follow(n.handle, C.int32_t(limit.Milliseconds()), nil) })
}

// WaitReady waits until a release is active.
func (n *Node) WaitReady(limit time.Duration) error {
	return call(func() C.relaysync_status { return C.relaysync_wait_ready(n.handle, C.int32_t(limit.Milliseconds())) })
}

// Status is what the node runs, what it refused and why.
func (n *Node) Status() (map[string]any, error) {
	var text *C.char
	if err := call(func() C.relaysync_status { return C.relaysync_status_json(n.handle, &text) }); err != nil {
		return nil, err
	}
	defer C.relaysync_free(unsafe.Pointer(text))
	status := map[string]any{}
	return status, json.Unmarshal([]byte(C.GoString(text)), &status)
}

// Close ends the updates and closes the models of the node.
func (n *Node) Close() error {
	return call(func() C.relaysync_status { return C.relaysync_close(n.handle) })
}

// Model is a model of a node.
type Model struct{ handle C.relaysync_model }

// Model finds a model that the options name.
func (n *Node) Model(name string) (*Model, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	model := &Model{}
	return model, call(func() C.relaysync_status { return C.relaysync_model_find(n.handle, text, &model.handle) })
}

// Input is an input of a model.
type Input struct {
	Name       string
	IsCategory bool
}

// Inputs are those of the active version, and the number of its classes.
func (m *Model) Inputs() ([]Input, int, error) {
	var schema C.relaysync_schema
	if err := call(func() C.relaysync_status {
		return C.relaysync_model_schema(m.handle, &schema, C.sizeof_relaysync_schema)
	}); err != nil {
		return nil, 0, err
	}
	inputs := []Input{}
	for _, input := range unsafe.Slice(schema.inputs, int(schema.input_count)) {
		inputs = append(inputs, Input{C.GoString(input.name), input._type == C.RELAYSYNC_CATEGORY})
	}
	return inputs, int(schema.class_count), nil
}

// Prediction is an answer and the version that gave it.
type Prediction struct {
	Label       string
	Probability float32
	Version     int
	Sha256      string
}

// Predict classifies one row; NaN and "" are missing values.
func (m *Model) Predict(numbers []float32, categories []string) (Prediction, error) {
	memory := C.calloc(C.size_t(len(categories)+1), C.size_t(unsafe.Sizeof(uintptr(0))))
	defer C.free(memory)
	texts := unsafe.Slice((**C.char)(memory), len(categories))
	for i, category := range categories {
		texts[i] = C.CString(category)
		defer C.free(unsafe.Pointer(texts[i]))
	}
	var row *C.float
	if len(numbers) > 0 {
		row = (*C.float)(unsafe.Pointer(&numbers[0]))
	}
	var answer C.relaysync_prediction
	err := call(func() C.relaysync_status {
		return C.relaysync_predict(
			m.handle, row, C.size_t(len(numbers)), (**C.char)(memory), C.size_t(len(categories)), &answer, nil, 0)
	})
	if err != nil {
		return Prediction{}, err
	}
	return Prediction{C.GoString(answer.label), float32(answer.probability), int(answer.version), C.GoString(answer.sha256)}, nil
}

// Transform scales one row of a model for scaling, NaN being a missing value, and gives the version that did.
func (m *Model) Transform(numbers []float32) ([]float32, int, error) {
	features := make([]float32, len(numbers))
	var row, places *C.float
	if len(numbers) > 0 {
		row, places = (*C.float)(unsafe.Pointer(&numbers[0])), (*C.float)(unsafe.Pointer(&features[0]))
	}
	var answer C.relaysync_transformation
	err := call(func() C.relaysync_status {
		return C.relaysync_transform_row(m.handle, row, C.size_t(len(numbers)), &answer, places, C.size_t(len(features)))
	})
	return features, int(answer.version), err
}
