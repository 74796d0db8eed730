;;; policy-mode.el --- Privacy policies that a machine can check  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "29.1"))
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; Put this file on the `load-path' and into your init file:
;;
;;     (require 'policy-mode)
;;     (add-hook 'policy-mode-hook #'eglot-ensure)

;;; Code:

(require 'eglot)

(defconst policy-mode--words
  ;; Words: made from the grammar by tests/test_editors.py.
  '((font-lock-builtin-face "after" "and" "at" "by" "extend" "for" "from" "import" "in" "is" "keep" "least" "most" "needs" "of" "only" "optional" "or" "required" "rule" "section" "test" "to" "under" "unless" "until" "via" "when" "while" "with" "within" "without")
    (font-lock-constant-face "etc" "forever" "no" "yes")
    (font-lock-keyword-face "allows" "every" "forbids" "may" "must" "never" "should" "some" "undeclared")
    (font-lock-type-face "action" "basis" "channel" "data" "event" "exception" "party" "permission" "place" "policy" "purpose" "right" "safeguard" "subject"))
  ;; End of words.
  "The words of the language, by the face that they have.")

(defvar policy-mode-font-lock-keywords
  `(("^\\s-*\\([[:alpha:]_][[:alnum:]_]*\\)\\s-*:" 1 'font-lock-variable-name-face)
    ("@[A-Za-z][A-Za-z0-9-]*" . 'font-lock-type-face)
    ,@(mapcar (lambda (each) `(,(regexp-opt (cdr each) 'symbols) . ',(car each))) policy-mode--words))
  "What is coloured besides comments and strings.")

(defvar policy-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "_" table)
    table)
  "Comments and strings.")

(defun policy-mode--triple ()
  "Let three quotation marks begin or end a string, in which one is nothing."
  (let ((string (nth 3 (save-excursion (syntax-ppss (match-beginning 0))))))
    (when (memq string '(nil t))
      (let ((fence (if string (1- (match-end 0)) (match-beginning 0))))
        (put-text-property fence (1+ fence) 'syntax-table (string-to-syntax "|"))))))

(defconst policy-mode--propertize
  (syntax-propertize-rules ("\"\"\"" (0 (ignore (policy-mode--triple))))))

;;;###autoload
(define-derived-mode policy-mode prog-mode "Policy"
  "Major mode for privacy policies."
  (setq-local comment-start "# "
              comment-start-skip "#+\\s-*"
              indent-tabs-mode nil
              tab-width 2
              syntax-propertize-function policy-mode--propertize
              font-lock-defaults '(policy-mode-font-lock-keywords))
  (when (string-prefix-p "policyspec:" (or buffer-file-name ""))
    ;; What is in no folder belongs to the project of whoever has asked for it.
    (setq default-directory (project-root (eglot--project (policy-mode--server))))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.policy\\'" . policy-mode))

(add-to-list 'eglot-server-programs '(policy-mode . ("policyspec" "lsp")))

;; A definition may be in the library.  Its files have no path but `policyspec:///core/data.policy'; the server has
;; their text.

(defun policy-mode--library (operation &rest arguments)
  "Do OPERATION with ARGUMENTS for a file of the library."
  (pcase operation
    ((or 'expand-file-name 'file-truename) (car arguments))
    ((or 'file-exists-p 'file-readable-p) t)
    ((or 'file-writable-p 'file-remote-p 'file-attributes 'file-directory-p 'vc-registered) nil)
    ('insert-file-contents
     (let ((answer (jsonrpc-request (policy-mode--server) :policyspec/text (list :uri (car arguments)))))
       (save-excursion (insert (plist-get answer :text)))
       (when (nth 1 arguments)
         (setq buffer-file-name (car arguments) buffer-read-only t))
       (list (car arguments) (buffer-size))))
    (_ (let ((inhibit-file-name-handlers (cons #'policy-mode--library inhibit-file-name-handlers))
             (inhibit-file-name-operation operation))
         (apply operation arguments)))))

(defun policy-mode--server ()
  "A language server that knows the library."
  (or (seq-some (lambda (buffer)
                  (with-current-buffer buffer (and (derived-mode-p 'policy-mode) (eglot-current-server))))
                (buffer-list))
      (error "No language server of policyspec is running")))

(add-to-list 'file-name-handler-alist '("\\`policyspec:" . policy-mode--library))

(provide 'policy-mode)
;;; policy-mode.el ends here
